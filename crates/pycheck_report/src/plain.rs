//! What most diagnostics need: one place on one line of ASCII, without colour. Drawn as codespan
//! would draw it, but without arranging anything.

use pycheck_model::{Diagnostic, TextRange};

use crate::excerpt::LONGEST_LINE;
use crate::texts::{Line, Texts};
use crate::{Request, paths};

/// Appends the picture of a diagnostic, with `advice` below; `false` if it needs arranging, and
/// nothing was appended.
pub(crate) fn draw(
    diagnostic: &Diagnostic,
    advice: Option<&str>,
    request: &Request<'_>,
    texts: &mut Texts<'_>,
    out: &mut Vec<u8>,
) -> bool {
    if request.color || !diagnostic.related.is_empty() {
        return false;
    }
    let Some(text) = texts.get(&diagnostic.path) else { return false };
    let Some(line) = text.line_at(diagnostic.range.start()) else { return false };
    let content = &text.as_str()[line.range];
    if !is_simple(&line, content, diagnostic.range) {
        return false;
    }
    let row = line.row.to_string();
    let margin = " ".repeat(row.len() + 1);
    let start = (diagnostic.range.start() - line.range.start()).to_usize();
    let column = (start + 1).to_string();
    let name = paths::shown(&diagnostic.path, request.base);
    push(out, &[&margin, "--> ", &name, ":", &row, ":", &column, "\n"]);
    push(out, &[&margin, "|\n", &row, " | ", content.trim_ascii_end(), "\n"]);
    push(out, &[&margin, "| "]);
    out.resize(out.len() + start, b' ');
    out.resize(out.len() + diagnostic.range.len().to_usize(), b'^');
    out.push(b'\n');
    if let Some(advice) = advice {
        push(out, &[&margin, "|\n"]);
        for (index, line) in advice.lines().enumerate() {
            let bullet = if index == 0 { "= " } else { "  " };
            let line = [&margin, bullet, line].concat();
            push(out, &[line.trim_ascii_end(), "\n"]);
        }
    }
    out.push(b'\n');
    true
}

/// Whether a range lies on this line, which is shown as it is.
fn is_simple(line: &Line, content: &str, range: TextRange) -> bool {
    !range.is_empty()
        && range.end() <= line.range.end()
        && content.len() <= LONGEST_LINE
        && paths::is_plain(content)
}

fn push(out: &mut Vec<u8>, parts: &[&str]) {
    for part in parts {
        out.extend_from_slice(part.as_bytes());
    }
}
