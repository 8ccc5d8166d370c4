"use strict";
// Tables: a click on a head sorts, the field above a table filters its rows.
for (const table of document.querySelectorAll("table.sortable")) {
  const body = table.tBodies[0];
  const value = (row, at) => {
    const cell = row.cells[at], sort = cell.dataset.sort;
    return sort === undefined ? [2, ""] : isNaN(sort) || sort === "" ? [1, sort.toLowerCase()] : [0, Number(sort)];
  };
  table.querySelectorAll("thead button").forEach((button, at) => {
    button.addEventListener("click", () => {
      const head = button.closest("th"), down = head.getAttribute("aria-sort") === "ascending";
      table.querySelectorAll("th").forEach((each) => each.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const sign = down ? -1 : 1;
      const rows = Array.from(body.rows).sort((one, other) => {
        const a = value(one, at), b = value(other, at);
        if (a[0] === 2 || b[0] === 2) return a[0] - b[0];
        return sign * (a[0] - b[0] || (a[1] < b[1] ? -1 : a[1] > b[1] ? 1 : 0));
      });
      body.append(...rows);
    });
  });
}
for (const field of document.querySelectorAll("input.filter")) {
  const table = document.getElementById(field.dataset.table);
  const count = document.getElementById(field.dataset.table + "-count");
  field.addEventListener("input", () => {
    const wanted = field.value.toLowerCase();
    let left = 0;
    for (const row of table.tBodies[0].rows) {
      row.hidden = !row.textContent.toLowerCase().includes(wanted);
      left += row.hidden ? 0 : 1;
    }
    count.textContent = left;
  });
}
