// Builds what the page shows. Text is only ever set as text, never as HTML.

/** An element; attributes that are null or false are left out, true ones are empty. */
export function el(name, attributes, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (key === "on") {
      for (const [event, handler] of Object.entries(value)) node.addEventListener(event, handler);
    } else {
      node.setAttribute(key, value === true ? "" : value);
    }
  }
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

/** An amount as the gateway has rounded it; all its digits in the value and on pointing at it. */
export function money(amount) {
  return el("data", { value: amount.usd, title: "$" + amount.usd, class: amount.usd.startsWith("-") ? "bad" : null }, amount.text);
}

export function count(value) {
  return Number(value).toLocaleString("en-US");
}

/** A share to three digits, as percent. */
export function percent(share) {
  if (share === null || share === undefined) return "–";
  const value = 100 * Number(share);
  return (Math.abs(value) >= 99.95 ? value.toFixed(1) : Number(value.toPrecision(3))) + " %";
}

export function digits(value) {
  return value === null || value === undefined ? "–" : String(Number(Number(value).toPrecision(4)));
}

export function millis(value) {
  if (value === null || value === undefined) return "–";
  if (value >= 10000) return (value / 1000).toFixed(1) + " s";
  return (value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2)) + " ms";
}

export function bytes(value) {
  return value >= 1e6 ? (value / 1e6).toFixed(1) + " MB" : value >= 1e3 ? (value / 1e3).toFixed(1) + " kB" : value + " B";
}

/** A time to the minute, UTC, with all of it on pointing at it. */
export function time(iso) {
  return el("time", { datetime: iso, title: iso }, iso.slice(0, 10) + " " + iso.slice(11, 16));
}

/**
 * A table that scrolls in itself where it is too wide.
 * columns: {name, n: whether it holds numbers, wrap: whether it holds sentences, sort: what a press on its head does, sorted}
 */
export function table(caption, columns, rows) {
  return el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": caption },
    el("table", {},
      el("caption", {}, caption),
      el("thead", {}, el("tr", {}, columns.map((column) =>
        el("th", { scope: "col", class: column.n ? "n" : null, "aria-sort": column.sort ? (column.sorted ? "descending" : "none") : null },
          column.sort ? el("button", { type: "button", id: "sort-" + column.name.replaceAll(" ", "-"), on: { click: column.sort } }, column.name) : column.name)))),
      el("tbody", {}, rows.map((row) => el("tr", {}, row.map((cell, i) =>
        i === 0 ? el("th", { scope: "row" }, cell) : el("td", { class: columns[i].n ? "n" : columns[i].wrap ? "wrap" : null }, cell)))))));
}

/** Terms and what they are; those without a value are left out. */
export function terms(pairs) {
  return el("dl", {}, pairs.filter(([, value]) => value !== null && value !== undefined).map(([name, value]) =>
    [el("dt", {}, name), el("dd", {}, value)]));
}

export function badge(kind, text) {
  return el("span", { class: "badge " + kind }, text);
}

export function legend(keys) {
  return el("ul", { class: "legend" }, keys.map(([style, name, line]) =>
    el("li", {}, el("i", { class: style + (line ? " line" : ""), "aria-hidden": "true" }), name)));
}
