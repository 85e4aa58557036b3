//! Just enough of the INI files that `configparser` reads: sections, keys, values over several lines.

/// One key of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    /// The section's name.
    pub(super) section: String,
    /// The key, in lower case.
    pub(super) key: String,
    /// The value's lines, trimmed, without empty ones and comments.
    pub(super) lines: Vec<String>,
}

/// The keys of a file in order.
pub(super) fn entries(text: &str) -> Vec<Entry> {
    let mut section = String::new();
    let mut entries: Vec<Entry> = Vec::new();
    for line in text.lines() {
        let trimmed = line.trim();
        if trimmed.is_empty() || trimmed.starts_with(['#', ';']) {
            continue;
        }
        let continues = line.starts_with(char::is_whitespace);
        if continues && let Some(entry) = entries.last_mut() {
            entry.lines.push(trimmed.to_owned());
        } else if let Some(name) = trimmed.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'))
        {
            name.trim().clone_into(&mut section);
        } else if let Some(end) = trimmed.find(['=', ':']) {
            let value = trimmed[end + 1..].trim();
            entries.push(Entry {
                section: section.clone(),
                key: trimmed[..end].trim().to_lowercase(),
                lines: if value.is_empty() { Vec::new() } else { vec![value.to_owned()] },
            });
        }
    }
    entries
}
