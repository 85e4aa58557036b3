//! From the text of a Markdown page to its cases: headings with the blocks below them.

use std::ops::Range;

/// A page with its cases.
#[derive(Debug, Clone)]
pub struct Page {
    /// How the page is called in messages.
    pub name: String,
    /// Its text.
    pub text: String,
    /// The headings with what stands below each, in order, those without blocks included.
    pub cases: Vec<Case>,
}

/// A heading and what stands between it and the next one.
#[derive(Debug, Clone, Default)]
pub struct Case {
    /// The headings above and this one, joined by ` › `; the page's title is left out.
    pub heading: String,
    /// The line of the heading, from 1.
    pub line: usize,
    /// The fenced blocks, in order.
    pub blocks: Vec<Block>,
    /// Lines of the form `key: value` outside of blocks, such as `oracle: skip — reason`.
    pub settings: Vec<(String, String)>,
    /// Lines of that form whose key is none, each with its line in the page.
    pub unknown_keys: Vec<(usize, String)>,
    /// The `toml` blocks of the headings above, outermost first.
    pub inherited: Vec<String>,
    /// Files that a line declares to be empty.
    pub empty_files: Vec<String>,
}

/// A fenced block.
#[derive(Debug, Clone)]
pub struct Block {
    /// What follows the fence: `python`, `diff`, `output`.
    pub kind: String,
    /// The name in the line before the block, if there was one.
    pub file: Option<String>,
    /// What stands between the fences, each line ended.
    pub text: String,
    /// The page's line of the first line of the text, from 1.
    pub line: usize,
    /// Where the text is in the page, in bytes.
    pub span: Range<usize>,
}

impl Case {
    /// The value of the line `key: value`, if there is one.
    pub fn setting(&self, key: &str) -> Option<&str> {
        self.settings.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_str())
    }
}

/// The keys that a line outside of blocks can set.
pub const KEYS: [&str; 3] = ["oracle", "roots", "untracked"];

/// Reads a page. Everything that is not a heading, a block or a setting is prose.
pub fn parse(name: &str, text: &str) -> Page {
    let mut reader = Reader { cases: vec![Case::default()], ..Reader::default() };
    let mut offset = 0;
    for (index, line) in text.split_inclusive('\n').enumerate() {
        reader.line(line, index + 1, offset);
        offset += line.len();
    }
    Page { name: name.to_owned(), text: text.to_owned(), cases: reader.cases }
}

#[derive(Default)]
struct Reader {
    cases: Vec<Case>,
    /// The headings above the current line: level, title, `toml` block.
    above: Vec<(usize, String, Option<String>)>,
    /// The backticks that end the current block.
    fence: Option<String>,
    /// The name that the next block gets.
    file: Option<String>,
}

impl Reader {
    fn case(&mut self) -> &mut Case {
        self.cases.last_mut().expect("a page starts with one case")
    }

    fn line(&mut self, line: &str, number: usize, offset: usize) {
        let content = line.trim_end();
        if let Some(fence) = &self.fence {
            if content == fence {
                self.close();
            } else {
                let block = self.case().blocks.last_mut().expect("a fence was opened");
                block.text.push_str(line);
                block.span.end = offset + line.len();
            }
            return;
        }
        let ticks = content.chars().take_while(|c| *c == '`').count();
        let hashes = content.chars().take_while(|c| *c == '#').count();
        if ticks >= 3 {
            self.open(&content[..ticks], content[ticks..].trim(), number + 1, offset + line.len());
        } else if (1..=6).contains(&hashes) && content[hashes..].starts_with(' ') {
            self.heading(hashes, content[hashes..].trim(), number);
        } else {
            self.prose(content, number);
        }
    }

    fn open(&mut self, fence: &str, kind: &str, line: usize, offset: usize) {
        self.fence = Some(fence.to_owned());
        let file = self.file.take();
        let block =
            Block { kind: kind.to_owned(), file, text: String::new(), line, span: offset..offset };
        self.case().blocks.push(block);
    }

    fn close(&mut self) {
        self.fence = None;
        let block = self.case().blocks.last().expect("a fence was opened");
        if block.kind == "toml" && block.file.is_none() {
            let text = block.text.clone();
            if let Some((_, _, toml)) = self.above.last_mut() {
                *toml = Some(text);
            }
        }
    }

    fn heading(&mut self, level: usize, title: &str, line: usize) {
        self.above.retain(|(above, _, _)| *above < level);
        let inherited = self.above.iter().filter_map(|(_, _, toml)| toml.clone()).collect();
        self.above.push((level, title.to_owned(), None));
        let titles: Vec<&str> = self
            .above
            .iter()
            .filter(|(level, _, _)| *level > 1)
            .map(|(_, title, _)| title.as_str())
            .collect();
        self.file = None;
        self.cases.push(Case { heading: titles.join(" › "), line, inherited, ..Case::default() });
    }

    fn prose(&mut self, content: &str, number: usize) {
        if let Some(name) = content.strip_prefix('`').and_then(|rest| rest.strip_suffix("`:")) {
            self.file = Some(name.to_owned());
        } else if let Some(name) =
            content.strip_prefix('`').and_then(|rest| rest.strip_suffix("`: (empty)"))
        {
            let name = name.to_owned();
            self.case().empty_files.push(name);
        } else if let Some((key, value)) = content.split_once(": ")
            && is_key(key)
        {
            if KEYS.contains(&key) {
                self.case().settings.push((key.to_owned(), value.trim().to_owned()));
            } else {
                self.case().unknown_keys.push((number, key.to_owned()));
            }
        }
    }
}

/// Whether a text is one word as keys are; a sentence starts with a capital.
fn is_key(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_lowercase() || c == '-')
}

#[cfg(test)]
mod tests {
    use super::parse;

    const TEXT: &str = "# page\n\n## One\n\n```toml\na = 1\n```\n\n### Deep\n\n`a/b.py`:\n\n```python\n# no heading\nx\n```\n\n\
                        `c.py`: (empty)\n\noracle: skip — why\n\n````text\n```\n````\n";

    #[test]
    fn headings_own_the_blocks_below_them() {
        let page = parse("p", TEXT);
        let deep = page.cases.last().unwrap();
        assert_eq!(deep.heading, "One › Deep");
        assert_eq!(deep.inherited, ["a = 1\n"]);
        assert_eq!(deep.empty_files, ["c.py"]);
        assert_eq!(deep.setting("oracle"), Some("skip — why"));
        assert_eq!(deep.blocks[0].file.as_deref(), Some("a/b.py"));
        assert_eq!(deep.blocks[0].text, "# no heading\nx\n");
        assert_eq!(deep.blocks[0].line, 14);
        assert_eq!(&TEXT[deep.blocks[0].span.clone()], deep.blocks[0].text);
    }

    #[test]
    fn a_longer_fence_holds_shorter_ones() {
        let page = parse("p", TEXT);
        let last = page.cases.last().unwrap().blocks.last().unwrap();
        assert_eq!((last.kind.as_str(), last.text.as_str()), ("text", "```\n"));
        assert_eq!(last.file, None);
    }
}
