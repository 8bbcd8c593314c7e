// What the page of the HTML report can do besides being read: filter its findings, and copy fixes. Runs in a browser.
(() => {
  const form = document.getElementById("filter");
  for (const button of document.querySelectorAll("[data-copy]")) prepareCopy(button);
  if (form === null) return;

  const words = document.getElementById("words");
  const resource = document.getElementById("resource");
  const fresh = document.getElementById("new");
  const shown = document.getElementById("shown");
  const groups = [...document.querySelectorAll(".group")].map((node) => ({
    node,
    head: `${node.querySelector("summary").textContent} ${node.querySelector(".references")?.textContent ?? ""}`.toLowerCase(),
    amount: node.querySelector("summary .amount"),
    wasOpen: node.open,
    rows: [...node.querySelectorAll(".rows > li")].map((row) => ({ row, text: row.textContent.toLowerCase() })),
  }));
  const total = groups.reduce((sum, { rows }) => sum + rows.length, 0);
  form.hidden = false;
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", filter);
  addEventListener("keydown", (event) => {
    if (event.key === "/" && !["INPUT", "SELECT", "TEXTAREA"].includes(event.target.tagName) && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      words.focus();
    }
    if (event.key === "Escape" && event.target === words && words.value !== "") {
      words.value = "";
      filter();
    }
  });
  filter();

  /** Shows the rows that have every word, in themselves or in their group's head. */
  function filter() {
    const chosen = (name) => new Set([...form.querySelectorAll(`[name=${name}]:checked`)].map(({ value }) => value));
    const [severities, kinds] = [chosen("severity"), chosen("kind")];
    const wanted = words.value.toLowerCase().split(/\s+/).filter((word) => word !== "");
    const narrow = wanted.length > 0;
    let count = 0;
    for (const { node, head, amount, rows, wasOpen } of groups) {
      const { severity, kind, resource: own } = node.dataset;
      const fits = severities.has(severity) && kinds.has(kind) && (resource.value === "" || resource.value === own);
      const rest = wanted.filter((word) => !head.includes(word));
      let visible = 0;
      for (const { row, text } of fits ? rows : []) {
        const matches = rest.every((word) => text.includes(word)) && (fresh === null || !fresh.checked || row.classList.contains("new"));
        if (row.hidden === matches) row.hidden = !matches;
        if (matches) visible++;
      }
      node.hidden = visible === 0;
      node.open = narrow ? visible > 0 : wasOpen;
      amount.textContent = String(visible);
      count += visible;
    }
    shown.textContent = `${count} of ${total} findings shown`;
  }

  function prepareCopy(button) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      const code = button.parentElement.querySelector("code");
      try {
        await navigator.clipboard.writeText(code.textContent);
        button.textContent = "Copied";
      } catch {
        window.getSelection().selectAllChildren(code);
        button.textContent = "Selected";
      }
    });
  }
})();
