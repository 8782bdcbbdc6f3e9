// Sorting and filtering of the grid. The page is complete without it.
(() => {
  const table = document.querySelector(".grid table");
  const form = document.querySelector("form.filter");
  const body = table.tBodies[0];
  const rows = [...body.rows];
  const texts = rows.map((row) => [...row.cells].map((cell) => cell.textContent));
  const order = new Map(rows.map((row, place) => [row, texts[place]]));
  const number = (text) => parseFloat(text.replace(/^[^\d]*/, ""));
  const names = new Intl.Collator(undefined, { numeric: true });

  const compared = (column, one, other) => {
    const [a, b] = [order.get(one)[column], order.get(other)[column]];
    if (column === 0) return names.compare(a, b);
    const [x, y] = [number(a), number(b)];
    return (Number.isNaN(x) ? -1 : x) - (Number.isNaN(y) ? -1 : y);
  };

  [...table.tHead.rows[0].cells].forEach((head, column) => {
    if (head.matches(".plain")) return;
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "ascending";
      for (const each of table.tHead.rows[0].cells) each.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      rows.sort((one, other) => (down ? -1 : 1) * compared(column, one, other));
      body.append(...rows);
    });
  });

  const [name, state, said] = ["input", "select", "output"].map((each) => form.querySelector(each));
  const filter = () => {
    const wanted = name.value.trim().toLowerCase();
    let shown = 0;
    for (const row of rows) {
      const [who, , ...cells] = order.get(row);
      row.hidden = !who.toLowerCase().includes(wanted) || !cells.some((cell) => cell.startsWith(state.value));
      shown += !row.hidden;
    }
    said.textContent = `${shown} of ${rows.length} learners`;
  };
  name.addEventListener("input", filter);
  state.addEventListener("change", filter);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.hidden = false;
  filter();
})();
