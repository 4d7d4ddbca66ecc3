"""Reading exports: bytes, charsets, sheets, headings, values. What comes out is a Journal."""
