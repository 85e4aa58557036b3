//! Where the modules of a picture stand: in rows, each below those that import it as far as cycles
//! allow.

use pycheck_model::Graph;

/// The width of a letter, about.
const LETTER: usize = 7;
/// The height of a box.
pub(super) const HEIGHT: usize = 28;
/// A row is not wider, unless it holds a single box.
const WIDEST: usize = 1500;
const GAP: usize = 22;
const BETWEEN_ROWS: usize = 80;
const BETWEEN_LINES: usize = 48;
const MARGIN: usize = 10;
/// The end of a row, where its beginning is 0.
const FULL: usize = 1_000_000;
/// How often rows are sorted by what stands above and below.
const PASSES: usize = 8;

/// The place of a module.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Frame {
    pub(super) x: usize,
    pub(super) y: usize,
    pub(super) width: usize,
}

/// The places of all modules, and the size of the picture.
pub(super) struct Layout {
    pub(super) frames: Vec<Frame>,
    pub(super) width: usize,
    pub(super) height: usize,
}

/// Arranges a graph whose modules have these labels.
pub(super) fn layout(graph: &Graph, labels: &[String]) -> Layout {
    let next = targets(graph);
    let order = order(&next);
    let mut rank = vec![0; order.len()];
    for (position, module) in order.iter().enumerate() {
        rank[*module] = position;
    }
    let mut layer = vec![0; order.len()];
    for module in &order {
        for to in next[*module].iter().filter(|to| rank[*module] < rank[**to]) {
            layer[*to] = layer[*to].max(layer[*module] + 1);
        }
    }
    let mut rows = vec![Vec::new(); layer.iter().max().map_or(0, |last| last + 1)];
    for module in &order {
        rows[layer[*module]].push(*module);
    }
    untangle(&mut rows, &next);
    placed(&rows, labels)
}

fn targets(graph: &Graph) -> Vec<Vec<usize>> {
    let mut next = vec![Vec::new(); graph.modules.len()];
    for edge in &graph.edges {
        next[edge.from].push(edge.to);
    }
    next
}

/// All modules, those that import before what they import where there are no cycles.
fn order(next: &[Vec<usize>]) -> Vec<usize> {
    let mut seen = vec![false; next.len()];
    let mut left = Vec::new();
    for start in (0..next.len()).rev() {
        if std::mem::replace(&mut seen[start], true) {
            continue;
        }
        let mut path = vec![(start, 0)];
        while let Some((module, position)) = path.last_mut() {
            let Some(to) = next[*module].get(*position).copied() else {
                left.push(*module);
                path.pop();
                continue;
            };
            *position += 1;
            if !std::mem::replace(&mut seen[to], true) {
                path.push((to, 0));
            }
        }
    }
    left.reverse();
    left
}

/// Sorts each row by the middle of what its modules are connected with.
fn untangle(rows: &mut [Vec<usize>], next: &[Vec<usize>]) {
    let mut near = vec![Vec::new(); next.len()];
    for (from, targets) in next.iter().enumerate() {
        for to in targets {
            near[from].push(*to);
            near[*to].push(from);
        }
    }
    let mut place = vec![0; next.len()];
    for row in rows.iter() {
        spread(row, &mut place);
    }
    for pass in 0..PASSES {
        for number in 0..rows.len() {
            let number = if pass % 2 == 0 { number } else { rows.len() - 1 - number };
            let row = &mut rows[number];
            let middle = |module: &usize| {
                let others = &near[*module];
                let sum: usize = others.iter().map(|other| place[*other]).sum();
                if others.is_empty() { place[*module] } else { sum / others.len() }
            };
            row.sort_by_key(middle);
            spread(row, &mut place);
        }
    }
}

/// Where the modules of a row stand between its ends.
fn spread(row: &[usize], place: &mut [usize]) {
    for (position, module) in row.iter().enumerate() {
        place[*module] = (2 * position + 1) * FULL / (2 * row.len());
    }
}

fn placed(rows: &[Vec<usize>], labels: &[String]) -> Layout {
    let mut frames = vec![Frame::default(); labels.len()];
    let mut lines: Vec<(usize, usize, Vec<usize>)> = Vec::new();
    let mut y = MARGIN;
    for row in rows {
        let mut x = 0;
        let mut line = Vec::new();
        for module in row {
            let width = 60.max(labels[*module].chars().count() * LETTER + 18);
            if x + width > WIDEST && !line.is_empty() {
                lines.push((y, x - GAP, std::mem::take(&mut line)));
                (x, y) = (0, y + BETWEEN_LINES);
            }
            frames[*module] = Frame { x, y, width };
            line.push(*module);
            x += width + GAP;
        }
        lines.push((y, x.saturating_sub(GAP), line));
        y += BETWEEN_ROWS;
    }
    let widest = lines.iter().map(|(_, width, _)| *width).max().unwrap_or_default();
    for (_, width, line) in &lines {
        for module in line {
            frames[*module].x += MARGIN + (widest - width) / 2;
        }
    }
    Layout {
        frames,
        width: widest + 2 * MARGIN,
        height: y.saturating_sub(BETWEEN_LINES - MARGIN) + MARGIN,
    }
}

#[cfg(test)]
mod tests {
    use super::order;

    #[test]
    fn what_imports_stands_before_what_it_imports() {
        assert_eq!(order(&[vec![1], vec![2], vec![], vec![0]]), [3, 0, 1, 2]);
    }

    #[test]
    fn a_cycle_has_some_order() {
        assert_eq!(order(&[vec![1], vec![0]]).len(), 2);
    }
}
