//! The strongly connected components of a graph (Tarjan's algorithm, without recursion), in an
//! order in which each comes after all that it leads to.

const UNSEEN: u32 = u32::MAX;

/// The components; `edges[n]` are the nodes that `n` leads to.
pub(crate) fn components(edges: &[Vec<u32>]) -> Vec<Vec<u32>> {
    let mut search = Search {
        edges,
        index: vec![UNSEEN; edges.len()],
        low: vec![0; edges.len()],
        on_stack: vec![false; edges.len()],
        stack: Vec::new(),
        next: 0,
        found: Vec::new(),
    };
    for node in 0..edges.len() as u32 {
        if search.index[node as usize] == UNSEEN {
            search.from(node);
        }
    }
    search.found
}

struct Search<'e> {
    edges: &'e [Vec<u32>],
    index: Vec<u32>,
    low: Vec<u32>,
    on_stack: Vec<bool>,
    stack: Vec<u32>,
    next: u32,
    found: Vec<Vec<u32>>,
}

impl Search<'_> {
    fn enter(&mut self, node: u32) {
        self.index[node as usize] = self.next;
        self.low[node as usize] = self.next;
        self.next += 1;
        self.stack.push(node);
        self.on_stack[node as usize] = true;
    }

    fn from(&mut self, start: u32) {
        self.enter(start);
        let mut path: Vec<(u32, usize)> = vec![(start, 0)];
        while let Some((node, position)) = path.last_mut() {
            let node = *node;
            if let Some(next) = self.edges[node as usize].get(*position).copied() {
                *position += 1;
                if self.index[next as usize] == UNSEEN {
                    self.enter(next);
                    path.push((next, 0));
                } else if self.on_stack[next as usize] {
                    self.low[node as usize] =
                        self.low[node as usize].min(self.index[next as usize]);
                }
                continue;
            }
            path.pop();
            if let Some((parent, _)) = path.last() {
                let low = self.low[node as usize];
                self.low[*parent as usize] = self.low[*parent as usize].min(low);
            }
            if self.low[node as usize] == self.index[node as usize] {
                self.leave(node);
            }
        }
    }

    fn leave(&mut self, root: u32) {
        let mut component = Vec::new();
        while let Some(node) = self.stack.pop() {
            self.on_stack[node as usize] = false;
            component.push(node);
            if node == root {
                break;
            }
        }
        component.sort_unstable();
        self.found.push(component);
    }
}

#[cfg(test)]
mod tests {
    use super::components;

    #[test]
    fn what_is_led_to_comes_first() {
        let edges = vec![vec![1], vec![2], vec![1, 3], vec![], vec![0]];
        assert_eq!(components(&edges), [vec![3], vec![1, 2], vec![0], vec![4]]);
    }

    #[test]
    fn a_long_chain_needs_no_deep_stack() {
        let edges: Vec<Vec<u32>> = (0..100_000).map(|node| vec![(node + 1) % 100_000]).collect();
        assert_eq!(components(&edges).len(), 1);
    }
}
