"""Where the one-folder build begins: the command eklase-audit."""

from eklase_audit.__main__ import main

main()
