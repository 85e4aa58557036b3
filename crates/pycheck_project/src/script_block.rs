//! The comment block in which a single file declares its own dependencies (PEP 723).

use toml::{Table, Value};

use crate::declared::modules_of;

/// The block stands at the top; what comes later than this is not looked at.
const MOST_BYTES: usize = 8 << 10;

/// The modules that the dependencies in a file's own block may provide; `None` if it has none.
pub(crate) fn own_modules(text: &str) -> Option<Vec<String>> {
    let head = &text.as_bytes()[..text.len().min(MOST_BYTES)];
    memchr::memmem::find(head, b"# /// script")?;
    let table: Table = block(text)?.parse().ok()?;
    let list = table.get("dependencies").and_then(Value::as_array)?;
    let requirements: Vec<&str> = list.iter().filter_map(Value::as_str).collect();
    (!requirements.is_empty()).then(|| modules_of(requirements))
}

/// The TOML in the block.
fn block(text: &str) -> Option<String> {
    let mut lines = text.lines().skip_while(|line| line.trim_end() != "# /// script").skip(1);
    let mut content = String::new();
    loop {
        let line = lines.next()?.trim_end();
        if line == "# ///" {
            return Some(content);
        }
        let inner = line.strip_prefix('#')?;
        content.push_str(inner.strip_prefix(' ').unwrap_or(inner));
        content.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use super::own_modules;

    #[test]
    fn the_dependencies_of_the_block_are_read() {
        let text = "#!/usr/bin/env -S uv run\n# /// script\n# requires-python = \">=3.11\"\n\
                    # dependencies = [\n#   \"Rich>=13\",\n#   \"pyyaml\",\n# ]\n# ///\nimport rich\n";
        let modules = own_modules(text).unwrap();
        assert!(modules.contains(&"rich".to_owned()) && modules.contains(&"yaml".to_owned()));
    }

    #[test]
    fn what_is_no_such_block_says_nothing() {
        for text in [
            "import rich\n",
            "# /// script\n# dependencies = [\"rich\"]\nimport rich\n",
            "# /// script\n# dependencies = []\n# ///\n",
            "# /// script\n# dependencies = [\n# ///\n",
        ] {
            assert_eq!(own_modules(text), None, "{text}");
        }
    }
}
