"use strict";
(() => {
  // Names are sorted as Latvian has them, whatever language the report speaks; 10.a comes after 9.b.
  const words = new Intl.Collator("lv", { numeric: true });
  const section = document.getElementById("findings");
  const byId = (id) => document.getElementById(id);
  const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const value = (cell) => cell.dataset.v ?? cell.textContent.trim();
  const compare = {
    text: (a, b) => words.compare(a, b),
    class: (a, b) => words.compare(a, b),
    clause: (a, b) => words.compare(a, b),
    date: (a, b) => (a < b ? -1 : a > b ? 1 : 0),
    number: (a, b) => parseFloat(a.replace(/\s/g, "").replace(",", ".")) - parseFloat(b.replace(/\s/g, "").replace(",", ".")),
  };

  // Blanks stand last whichever way the column is sorted; what is alike keeps the order of answers.
  function sorted(rows, column, kind, down) {
    const keyed = rows.map((row, place) => ({ row, place, key: row.keys ? row.keys[column] : value(row.cells[column]) }));
    keyed.sort((a, b) => {
      if (!a.key !== !b.key) return a.key ? -1 : 1;
      const order = a.key ? compare[kind](a.key, b.key) : 0;
      return (down ? -order : order) || a.place - b.place;
    });
    return keyed.map((one) => one.row);
  }

  // Headings become buttons; `then` is told the column, its kind, and whether it goes down.
  function makeSortable(table, then) {
    const heads = [...table.tHead.querySelectorAll("th[data-sort]")];
    heads.forEach((head, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      const onPaper = document.createElement("span");
      onPaper.className = "on-paper";
      onPaper.textContent = button.textContent;
      head.append(button, onPaper);
      button.addEventListener("click", () => {
        const down = head.getAttribute("aria-sort") === "ascending";
        heads.forEach((other) => other.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        then(column, head.dataset.sort, down);
      });
    });
  }

  for (const table of document.querySelectorAll("table.sortable")) {
    makeSortable(table, (column, kind, down) => {
      const body = table.tBodies[0];
      body.append(...sorted([...body.rows], column, kind, down));
    });
  }

  // A link into an explanation that is folded opens it.
  function unfold() {
    const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const folded = target && target.closest("details");
    if (folded) folded.open = true;
  }
  addEventListener("hashchange", unfold);
  unfold();

  // Of a map that is wider than the screen the latest weeks are seen first.
  for (const map of document.querySelectorAll(".map")) map.scrollLeft = map.scrollWidth;

  const filters = section.querySelector(".filters");
  if (!filters) return;
  const CHUNK = 200;
  const chosen = (name) => byId(`filter-${name}`)?.value ?? "";

  // The findings of a table: its rows live here, and only those looked at are in the page.
  class Findings {
    constructor(table, grouped) {
      this.table = table;
      this.grouped = grouped;
      this.order = null;
      this.groups = [...table.tBodies].map((body) => ({ body, head: body.querySelector("tr.g"), id: body.id }));
      this.rows = [];
      this.groups.forEach((group, number) => {
        group.name = group.head ? group.head.cells[0].firstChild.data.trim() : "";
        group.count = group.head && group.head.querySelector("span");
        for (const element of [...group.body.rows]) {
          if (element === group.head) continue;
          const keys = [...element.cells].map(value);
          this.rows.push({
            element, keys, group: number, number: Number(element.dataset.n), state: element.dataset.i,
            copy: "c" in element.dataset, severity: element.cells[1].firstChild.textContent,
          });
        }
        group.body.remove();
      });
      table.classList.add("ready");
      makeSortable(table, (column, kind, down) => {
        this.order = { column, kind, down };
        update();
      });
    }

    get inGroups() {
      return this.grouped && (!this.order || this.order.column === 2);
    }

    fits(row, filter) {
      if (filter.c && row.keys[0] !== filter.c) return false;
      if (filter.k && row.keys[3] !== filter.k) return false;
      if (filter.s && row.severity !== filter.s) return false;
      if (filter.i && row.state !== filter.i) return false;
      if (filter.t && !(this.grouped ? this.groups[row.group].name === filter.t : row.keys[2].split(" / ").includes(filter.t))) return false;
      if (filter.words.length) {
        row.text ??= fold(row.element.textContent);
        return filter.words.every((word) => row.text.includes(word));
      }
      return true;
    }

    // Chooses and sorts; returns how many findings there are to see, and how many in all.
    choose(filter, together = this.inGroups) {
      this.table.classList.toggle("grouped", together);
      let rows = this.rows.filter((row) => this.fits(row, filter));
      const once = filter.t ? rows : rows.filter((row) => !row.copy);
      this.together = together;
      if (!together) rows = once;
      if (!together) rows.sort((a, b) => a.number - b.number);
      if (!together && this.order) rows = sorted(rows, this.order.column, this.order.kind, this.order.down);
      if (together && this.order?.down) {
        const last = this.groups.length;
        rows = sorted(rows.map((row) => ({ ...row, keys: { 2: String(last - row.group) } })), 2, "number", false);
      }
      this.found = rows;
      this.table.querySelectorAll("tbody").forEach((body) => body.remove());
      this.at = 0;
      this.body = null;
      if (together) {
        const counts = new Map();
        for (const row of rows) counts.set(row.group, (counts.get(row.group) ?? 0) + 1);
        for (const [number, count] of counts) this.groups[number].count.textContent = count;
      }
      return [once.length, this.rows.filter((row) => !row.copy).length];
    }

    // Puts the next of the chosen rows into the page.
    // `paper` is where tables for print go: one table of thousands of lines takes browsers minutes to part into pages.
    put(count, paper = null) {
      const end = Math.min(this.at + count, this.found.length);
      let last = this.at > 0 ? this.found[this.at - 1].group : -1;
      for (; this.at < end; this.at += 1) {
        const row = this.found[this.at];
        if (!this.body || (this.together ? row.group !== last : this.at % CHUNK === 0) || (paper && this.body.rows.length > CHUNK)) {
          this.body = document.createElement("tbody");
          if (this.together) {
            this.body.id = this.groups[row.group].id;
            if (row.group !== last) this.body.append(this.groups[row.group].head);
          }
          (paper ? this.sheet(paper) : this.table).append(this.body);
        }
        this.body.append(row.element);
        last = row.group;
      }
      return this.found.length - this.at;
    }

    // A table of its own on paper; `on` where it goes on with the teacher of the one before.
    sheet(paper) {
      const table = this.table.cloneNode(false);
      table.removeAttribute("id");
      table.classList.toggle("on", this.together && !this.body.rows.length);
      table.append(this.table.querySelector("colgroup").cloneNode(true), this.table.tHead.cloneNode(true));
      paper.append(table);
      return table;
    }
  }

  const main = byId("all") && new Findings(byId("all"), true);
  const excused = byId("excused") && new Findings(byId("excused"), false);
  const more = byId("more");

  function current() {
    const filter = { words: fold(byId("q").value).split(/\s+/).filter(Boolean) };
    for (const name of "ctksi") filter[name] = chosen(name);
    return filter;
  }

  function step() {
    if (!main) return;
    const left = main.put(CHUNK);
    more.hidden = left === 0;
    more.textContent = `${section.dataset.more} (${left})`;
  }

  function update() {
    const filter = current();
    let shown = 0;
    let all = 0;
    for (const findings of [main, excused]) {
      if (!findings) continue;
      const [mine, whole] = findings.choose(filter);
      findings.table.hidden = mine === 0;
      shown += mine;
      all += whole;
    }
    if (excused) {
      excused.put(Infinity);
      byId("waived").hidden = excused.found.length === 0;
    }
    step();
    byId("shown").textContent =
      shown === 0 ? section.dataset.none : section.dataset.shown.replace("{shown}", shown).replace("{all}", all);
  }

  let waiting = 0;
  byId("q").addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(update, 120);
  });
  for (const select of filters.querySelectorAll("select")) select.addEventListener("change", update);
  byId("clear").addEventListener("click", () => {
    byId("q").value = "";
    for (const select of filters.querySelectorAll("select")) select.value = "";
    update();
    byId("q").focus();
  });
  for (const link of document.querySelectorAll("a[data-teacher]")) {
    link.addEventListener("click", (event) => {
      const select = byId("filter-t");
      select.value = link.dataset.teacher;
      update();
      event.preventDefault();
      section.scrollIntoView();
      select.focus({ preventScroll: true });
    });
  }
  if (more) {
    more.addEventListener("click", step);
    new IntersectionObserver((entries) => {
      if (entries.some((entry) => entry.isIntersecting) && !more.hidden) step();
    }, { rootMargin: "1200px" }).observe(more);
  }

  // On paper all rows that fit the filters stand, by teacher where that is asked for.
  const paper = document.createElement("div");
  paper.className = "sheets";
  addEventListener("beforeprint", () => {
    if (!main) return;
    main.choose(current(), byId("paged").checked || main.inGroups);
    main.put(Infinity, paper);
    main.table.hidden = true;
    main.table.after(paper);
  });
  addEventListener("afterprint", () => {
    paper.replaceChildren();
    paper.remove();
    update();
  });
  byId("print").addEventListener("click", () => print());
  byId("print").hidden = false;
  filters.hidden = false;
  update();
})();
