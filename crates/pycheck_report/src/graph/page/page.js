"use strict";
// The page shows one package at a time; all that it shows is said by the part of its address after `#`.
const data = JSON.parse(document.getElementById("data").textContent);
const KINDS = ["normal", "try", "script", "lazy", "type-checking"];
const RUNS = 1, CUT = 2;
const modules = data.modules.map(([name, path, origin, isPackage]) => ({ name, path, origin, isPackage }));
const edges = data.edges.map(([from, to, statements]) => ({ from, to, statements }));
const $ = (id) => document.getElementById(id);
const MOST_DRAWN = 220, MOST_ROWS = 1000, MOST_HITS = 30;

function make(tag, attributes, ...children) {
  const isPicture = ["svg", "g", "path", "rect", "text", "title"].includes(tag);
  const element = isPicture ? document.createElementNS("http://www.w3.org/2000/svg", tag) : document.createElement(tag);
  for (const [key, value] of Object.entries(attributes || {})) element.setAttribute(key, value);
  element.append(...children);
  return element;
}
// A link inside of a picture.
function pictureLink(href, attributes, ...children) {
  const link = document.createElementNS("http://www.w3.org/2000/svg", "a");
  link.setAttribute("href", href);
  for (const [key, value] of Object.entries(attributes)) link.setAttribute(key, value);
  link.append(...children);
  return link;
}

// What the address says.
function state() {
  const all = new URLSearchParams(location.hash.slice(1));
  return { view: all.get("view") || "level", at: all.get("at") || "", mark: all.get("mark") || "" };
}
function address({ view = "level", at = "", mark = "" }) {
  const all = new URLSearchParams();
  if (view !== "level") all.set("view", view);
  if (at) all.set("at", at);
  if (mark) all.set("mark", mark);
  return "#" + all.toString();
}

// Packages: each name that some module's name begins with, and the names right below it.
const below = new Map([["", new Set()]]);
for (const { name } of modules) {
  const isPath = name.includes("/");
  const parts = isPath ? [name] : name.split(".");
  let around = "";
  for (const part of parts) {
    const full = around && !isPath ? around + "." + part : part;
    if (!below.has(around)) below.set(around, new Set());
    below.get(around).add(full);
    around = full;
  }
}
const known = new Set(modules.map((module) => module.name));
const byName = new Map(modules.map((module) => [module.name, module]));
const isWithin = (name, around) => around === "" || name === around || name.startsWith(around + ".");
const parentOf = (name) => (name.includes("/") || !name.includes(".") ? "" : name.slice(0, name.lastIndexOf(".")));

// The nodes of a level: what lies right below a package, and the package's own file.
function levelOf(at) {
  const names = [...(below.get(at) || [])].sort();
  if (known.has(at)) names.unshift(at);
  const number = new Map(names.map((name, index) => [name, index]));
  const depth = at ? at.length + 1 : 0;
  const owner = modules.map(({ name }) => {
    if (number.has(name)) return number.get(name);
    if (!isWithin(name, at)) return undefined;
    const end = name.indexOf(".", depth);
    return number.get(end < 0 ? name : name.slice(0, end));
  });
  const counts = names.map(() => 0);
  owner.forEach((index) => { if (index !== undefined) counts[index]++; });
  const links = new Map();
  for (const { from, to, statements } of edges) {
    const [a, b] = [owner[from], owner[to]];
    if (a === undefined || b === undefined || a === b) continue;
    const key = a * names.length + b;
    const link = links.get(key) || { from: a, to: b, count: 0, kind: 4, runs: false, cut: false, failure: "" };
    for (const [, , kind, flags, failure] of statements) {
      link.count++;
      link.kind = Math.min(link.kind, kind);
      link.runs = link.runs || (flags & RUNS) !== 0;
      link.cut = link.cut || (flags & CUT) !== 0;
      link.failure = link.failure || failure || "";
    }
    links.set(key, link);
  }
  const level = { at, names, counts, links: [...links.values()] };
  findCycles(level);
  return level;
}

// Numbers the nodes in an order in which as many links as can lead forward, and marks those of cycles.
function findCycles(level) {
  const size = level.names.length;
  const next = level.names.map(() => []);
  for (const link of level.links) if (link.runs) next[link.from].push(link.to);
  const index = new Array(size).fill(-1), low = new Array(size).fill(0), onStack = new Array(size).fill(false);
  const component = new Array(size).fill(-1), stack = [], sizes = [];
  let clock = 0;
  for (let root = 0; root < size; root++) {
    if (index[root] >= 0) continue;
    const path = [[root, 0]];
    index[root] = low[root] = clock++; stack.push(root); onStack[root] = true;
    while (path.length) {
      const top = path[path.length - 1], node = top[0];
      if (top[1] < next[node].length) {
        const to = next[node][top[1]++];
        if (index[to] < 0) {
          index[to] = low[to] = clock++; stack.push(to); onStack[to] = true; path.push([to, 0]);
        } else if (onStack[to]) low[node] = Math.min(low[node], index[to]);
        continue;
      }
      path.pop();
      if (path.length) { const up = path[path.length - 1][0]; low[up] = Math.min(low[up], low[node]); }
      if (low[node] !== index[node]) continue;
      let count = 0, member;
      do { member = stack.pop(); onStack[member] = false; component[member] = sizes.length; count++; } while (member !== node);
      sizes.push(count);
    }
  }
  level.component = component;
  level.inCycle = component.map((own) => sizes[own] > 1);
  for (const link of level.links) link.circular = link.runs && component[link.from] === component[link.to];
  // What imports most comes first among those that import each other.
  const out = new Array(size).fill(0), into = new Array(size).fill(0);
  for (const link of level.links) if (link.circular) { out[link.from] += link.count; into[link.to] += link.count; }
  const order = level.names.map((_, node) => node);
  order.sort((a, b) => component[b] - component[a] || (out[b] - into[b]) - (out[a] - into[a]) || a - b);
  level.rank = new Array(size);
  order.forEach((node, rank) => { level.rank[node] = rank; });
  level.order = order;
  for (const link of level.links) link.back = level.rank[link.from] > level.rank[link.to];
}

const shortName = (name, at) => (name === at ? "__init__" : at && name.startsWith(at + ".") ? name.slice(at.length + 1) : name);
const hasLevel = (name, at) => name !== at && below.has(name);
const target = (name, at) => address(hasLevel(name, at) ? { at: name } : { view: "module", at: name });

// Rows of nodes: each below all that import it, as far as cycles allow.
function layout(level) {
  const size = level.names.length, layer = new Array(size).fill(0);
  for (const node of level.order)
    for (const link of level.links) if (link.from === node && !link.back) layer[link.to] = Math.max(layer[link.to], layer[node] + 1);
  const rows = [];
  for (const node of level.order) (rows[layer[node]] = rows[layer[node]] || []).push(node);
  const place = new Array(size).fill(0);
  const near = level.names.map(() => []);
  for (const { from, to } of level.links) { near[from].push(to); near[to].push(from); }
  for (const row of rows) row.forEach((node, position) => { place[node] = position / row.length; });
  for (let pass = 0; pass < 8; pass++)
    for (const row of pass % 2 ? [...rows].reverse() : rows) {
      const middle = new Map(row.map((node) => [node, near[node].length ? near[node].reduce((sum, other) => sum + place[other], 0) / near[node].length : place[node]]));
      row.sort((a, b) => middle.get(a) - middle.get(b) || a - b);
      row.forEach((node, position) => { place[node] = (position + .5) / row.length; });
    }
  const widest = Math.max(600, Math.min(1500, innerWidth - 60));
  const boxes = new Array(size);
  let y = 10, width = 0;
  for (const row of rows) {
    let lines = [[]], used = 0;
    for (const node of row) {
      const label = caption(level, node), own = Math.max(60, label.length * 7 + 18);
      if (used + own > widest && lines[lines.length - 1].length) { lines.push([]); used = 0; }
      boxes[node] = { x: used, w: own, h: 28, label };
      lines[lines.length - 1].push(node);
      used += own + 22;
    }
    for (const line of lines) {
      const last = boxes[line[line.length - 1]], full = last.x + last.w, indent = Math.max(0, (widest - full) / 2);
      for (const node of line) { boxes[node].x += indent + 10; boxes[node].y = y; }
      width = Math.max(width, full + indent + 20);
      y += 48;
    }
    y += 34;
  }
  return { boxes, width: Math.max(width, widest + 20), height: y };
}
const caption = (level, node) => shortName(level.names[node], level.at) + (level.counts[node] > 1 ? ` (${level.counts[node]})` : "");

function linkClass(link) {
  const kind = link.kind === 4 ? " typing" : link.kind >= 2 ? " lazy" : "";
  return "edge" + (link.failure ? " fails" : link.circular ? " circular" : kind) + (link.circular && link.cut && !link.failure ? " cut" : "");
}
const linkTitle = (level, link) => `${level.names[link.from]} → ${level.names[link.to]}: ${link.count} import${link.count > 1 ? "s" : ""}` + (link.failure ? `; ${link.failure}` : link.circular ? "; circular" : "");

function curve(a, b) {
  const down = b.y > a.y;
  const [x1, x2] = [a.x + a.w / 2, b.x + b.w / 2];
  if (a.y === b.y) { const side = a.y + 28; return [`M${x1} ${side}C${x1} ${side + 34} ${x2} ${side + 34} ${x2} ${side + 6}`, x2, side + 1, true, (x1 + x2) / 2, side + 26]; }
  const [y1, y2] = down ? [a.y + 28, b.y - 6] : [a.y, b.y + 34];
  const bend = Math.max(24, Math.abs(y2 - y1) / 2) * (down ? 1 : -1);
  return [`M${x1} ${y1}C${x1} ${y1 + bend} ${x2} ${y2 - bend} ${x2} ${y2}`, x2, down ? b.y : b.y + 28, !down, (x1 + x2) / 2, (y1 + y2) / 2];
}

function drawLevel(level, mark) {
  const { boxes, width, height } = layout(level);
  const picture = make("svg", { width, height, viewBox: `0 0 ${width} ${height}`, role: "group", "aria-label": "Modules and their imports" });
  const isCrowded = level.links.length > MOST_DRAWN;
  const drawn = [], groups = [];
  for (const link of level.links) {
    const [path, x, y, isUp, middle, half] = curve(boxes[link.from], boxes[link.to]);
    const tip = isUp ? `M${x} ${y}l-4 7h8z` : `M${x} ${y}l-4 -7h8z`;
    const isQuiet = isCrowded && !link.failure && !(link.circular && link.back);
    const group = make("g", { class: linkClass(link) + (isQuiet ? " quiet" : "") }, make("path", { d: path }), make("path", { d: tip, class: "tip" }), make("title", {}, linkTitle(level, link)));
    if (link.count > 1) group.append(make("text", { x: middle, y: half }, String(link.count)));
    drawn.push(group);
    picture.append(group);
  }
  level.names.forEach((name, node) => {
    const box = boxes[node], module = byName.get(name);
    const failing = level.links.some((link) => link.failure && (link.from === node || link.to === node));
    const classes = ["node", hasLevel(name, level.at) && "package", module && module.origin !== "project" && "outside", level.inCycle[node] && "circular", failing && "failing", name === mark && "pinned"];
    const group = pictureLink(target(name, level.at), { class: classes.filter(Boolean).join(" "), "data-name": name },
      make("rect", { x: box.x, y: box.y, width: box.w, height: box.h, rx: 6 }), make("text", { x: box.x + box.w / 2, y: box.y + 18 }, box.label), make("title", {}, name));
    const light = () => highlight(picture, level, drawn, groups, node);
    const rest = () => { const own = level.names.indexOf(mark); own < 0 ? picture.classList.remove("lit") : highlight(picture, level, drawn, groups, own); };
    group.addEventListener("mouseenter", light); group.addEventListener("focus", light);
    group.addEventListener("mouseleave", rest); group.addEventListener("blur", rest);
    groups.push(group);
    picture.append(group);
  });
  const own = level.names.indexOf(mark);
  if (own >= 0) highlight(picture, level, drawn, groups, own);
  return [picture, isCrowded ? "Too many imports to draw all: point at a module to see its own. Failing ones and those that lead back are always drawn." : ""];
}

function highlight(picture, level, drawn, groups, node) {
  groups.forEach((group, other) => { group.classList.remove("near"); group.classList.toggle("self", other === node); });
  level.links.forEach((link, index) => {
    const isOut = link.from === node, isIn = link.to === node;
    drawn[index].classList.toggle("out", isOut);
    drawn[index].classList.toggle("in", isIn);
    if (isOut) groups[link.to].classList.add("near");
    if (isIn) groups[link.from].classList.add("near");
  });
  picture.classList.add("lit");
}

// Rows import columns. In this order all that lies below the diagonal leads back.
function drawMatrix(level) {
  const size = level.names.length, cell = Math.max(3, Math.min(18, Math.floor(1000 / size)));
  const isLabelled = cell >= 9, margin = isLabelled ? 210 : 8, full = margin + size * cell + 4;
  const canvas = make("canvas", { role: "img", "aria-label": "Matrix of imports; the view of single modules tells the same in words" });
  const scale = devicePixelRatio || 1, pen = canvas.getContext("2d");
  canvas.width = full * scale; canvas.height = full * scale;
  canvas.style.width = canvas.style.height = full + "px";
  const style = getComputedStyle(document.documentElement), color = (name) => style.getPropertyValue("--" + name).trim();
  pen.scale(scale, scale);
  pen.font = `${Math.min(12, cell)}px system-ui, sans-serif`;
  pen.fillStyle = color("box");
  pen.fillRect(margin, margin, size * cell, size * cell);
  level.order.forEach((node, rank) => {
    pen.fillStyle = color("edge");
    pen.fillRect(margin + rank * cell, margin + rank * cell, cell, cell);
    if (!isLabelled) return;
    const label = shortName(level.names[node], level.at), shown = label.length > 32 ? label.slice(0, 31) + "…" : label;
    pen.fillStyle = level.inCycle[node] ? color("circular") : color("text");
    pen.textAlign = "right";
    pen.fillText(shown, margin - 5, margin + rank * cell + cell * .8);
    pen.save(); pen.translate(margin + rank * cell + cell * .8, margin - 5); pen.rotate(-Math.PI / 2); pen.textAlign = "left"; pen.fillText(shown, 0, 0); pen.restore();
  });
  const cells = new Map();
  for (const link of level.links) {
    const row = level.rank[link.from], column = level.rank[link.to];
    cells.set(row * size + column, link);
    pen.fillStyle = color(link.failure ? "fails" : link.circular ? "circular" : link.runs ? "in" : "line");
    pen.fillRect(margin + column * cell + (cell > 4 ? .5 : 0), margin + row * cell + (cell > 4 ? .5 : 0), cell > 4 ? cell - 1 : cell, cell > 4 ? cell - 1 : cell);
  }
  const spot = (event) => {
    const frame = canvas.getBoundingClientRect();
    return [Math.floor((event.clientY - frame.top - margin) / cell), Math.floor((event.clientX - frame.left - margin) / cell)];
  };
  const words = "A row imports the columns that are marked in it. Below the diagonal is what leads back.";
  canvas.addEventListener("mousemove", (event) => {
    const [row, column] = spot(event), link = cells.get(row * size + column);
    const isInside = row >= 0 && row < size && column < size;
    $("remark").textContent = !isInside ? words : column < 0 ? level.names[level.order[row]] : link ? linkTitle(level, link) : `${level.names[level.order[row]]} does not import ${level.names[level.order[column]]}`;
  });
  canvas.addEventListener("click", (event) => {
    const [row, column] = spot(event);
    if (row < 0 || row >= size || column >= size) return;
    const name = level.names[level.order[row]];
    location.hash = column < 0 && hasLevel(name, level.at) ? address({ view: "matrix", at: name }) : address({ view: "module", at: name });
  });
  return [canvas, words];
}

// A module, or all of a package, with each statement that leads in or out.
function drawModule(at) {
  const own = byName.get(at);
  const into = [], out = [];
  for (const edge of edges) {
    const [from, to] = [isWithin(modules[edge.from].name, at), isWithin(modules[edge.to].name, at)];
    if (from && !to) out.push(edge);
    if (to && !from) into.push(edge);
  }
  const page = make("div", {}, make("h1", {}, at));
  if (own && own.path) page.append(make("p", {}, make("code", {}, own.path)));
  page.append(...listed("Imports", out, "to"), ...listed("Imported by", into, "from"));
  return [page, ""];
}

function listed(title, all, side) {
  const rows = all.flatMap((edge) => edge.statements.map((statement) => ({ edge, statement })));
  const heading = make("h2", {}, `${title}: ${rows.length}`);
  if (!rows.length) return [heading, make("p", { class: "faint" }, "nothing")];
  const table = make("table", {});
  for (const { edge, statement: [file, line, kind, flags, failure] } of rows.slice(0, MOST_ROWS)) {
    const name = modules[edge[side]].name;
    const remark = make("td", failure ? { class: "fails-text" } : { class: "faint" }, failure || (flags & CUT ? "circular: without it no cycle" : ""));
    table.append(make("tr", {}, make("td", {}, make("a", { href: address({ view: "module", at: name }) }, name)), make("td", {}, make("code", {}, `${data.files[file]}:${line}`)), make("td", { class: "faint" }, kind ? KINDS[kind] : ""), remark));
  }
  const rest = rows.length - MOST_ROWS;
  return [heading, table, ...(rest > 0 ? [make("p", { class: "faint" }, `and ${rest} more`)] : [])];
}

function show() {
  const { view, at, mark } = state();
  const isKnown = below.has(at) || known.has(at);
  const crumbs = $("crumbs");
  crumbs.replaceChildren(make("a", { href: address({ view: view === "matrix" ? view : "level" }) }, "all"));
  const parts = at.includes("/") ? [at] : at.split(".").filter(Boolean);
  parts.forEach((part, index) => {
    const name = parts.slice(0, index + 1).join(".");
    const isLast = index === parts.length - 1;
    const link = make("a", { href: isLast ? address({ view, at: name }) : address({ view: view === "matrix" ? view : "level", at: name }) }, part);
    if (isLast) link.setAttribute("aria-current", "page");
    crumbs.append(" . ", link);
  });
  const place = below.has(at) ? at : parentOf(at);
  const views = [["level", "Picture", place], ["matrix", "Matrix", place], ...(at ? [["module", "Imports", at]] : [])];
  $("views").replaceChildren(...views.map(([name, label, where]) => {
    const link = make("a", { href: address({ view: name, at: where, mark: name === "level" && where !== at ? at : "" }) }, label);
    if (name === view) link.setAttribute("aria-current", "true");
    return link;
  }));
  document.title = at ? `${at}: imports` : "Imports";
  if (!isKnown) {
    $("main").replaceChildren(make("p", {}, `There is no module ${at} in this graph.`));
    $("remark").textContent = "";
    return;
  }
  const isModule = view === "module" || !below.has(at);
  const [content, words] = isModule && at ? drawModule(at) : view === "matrix" ? drawMatrix(levelOf(at)) : drawLevel(levelOf(at), mark);
  $("main").replaceChildren(content);
  $("remark").textContent = words;
}

function search() {
  const wanted = $("search").value.trim().toLowerCase(), hits = $("hits");
  const all = wanted ? [...new Set([...known, ...below.keys()])].filter((name) => name.toLowerCase().includes(wanted)) : [];
  all.sort((a, b) => a.length - b.length || (a < b ? -1 : 1));
  hits.replaceChildren(...all.slice(0, MOST_HITS).map((name) => {
    const link = make("a", { href: address({ at: parentOf(name), mark: name }) }, name);
    link.addEventListener("click", close);
    return make("li", {}, link);
  }));
  if (wanted && !all.length) hits.replaceChildren(make("li", { class: "faint" }, " nothing found"));
  hits.hidden = !wanted;
}
function close() { $("hits").hidden = true; $("search").value = ""; }

$("search").addEventListener("input", search);
$("search").addEventListener("keydown", (event) => {
  if (event.key === "Escape") { close(); $("search").blur(); }
  const first = $("hits").querySelector("a");
  if (event.key === "Enter" && first) { location.hash = first.getAttribute("href"); close(); $("search").blur(); }
  if (event.key === "ArrowDown" && first) { first.focus(); event.preventDefault(); }
});
document.addEventListener("keydown", (event) => {
  if (event.key === "/" && document.activeElement !== $("search")) { $("search").focus(); event.preventDefault(); }
});
addEventListener("hashchange", show);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", show);
show();
