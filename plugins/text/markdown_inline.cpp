#include "text/markdown_inline.hpp"

#include <algorithm>
#include <utility>

#include "text/markdown_source.hpp"

namespace hermes::text {
namespace {

constexpr std::string_view strong_mark = "**";

// `<br>`, as agents write it into tables.
bool is_line_break(std::string_view tag) noexcept {
    return tag == "<br>" || tag == "<br/>" || tag == "<br />" || tag == "<BR>";
}

bool has_word(std::string_view text) noexcept {
    return std::any_of(text.begin(), text.end(), [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte > 0x7f || (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') ||
               (byte >= 'a' && byte <= 'z');
    });
}

std::string backticked(std::string_view text) {
    std::size_t longest_run = 0;
    std::size_t run = 0;
    for (const char c : text) {
        run = c == '`' ? run + 1 : 0;
        longest_run = std::max(longest_run, run);
    }
    const std::string mark(longest_run + 1, '`');
    const std::string space = text.starts_with('`') || text.ends_with('`') ? " " : "";
    return mark + space + std::string(text) + space + mark;
}

bool names_itself(std::string_view text, const std::string& url) {
    return text == url || "mailto:" + std::string(text) == url;
}

std::string inside_parentheses(const std::string& url) {
    std::string encoded;
    for (const char c : url) {
        switch (c) {
            case ' ':
                encoded += "%20";
                break;
            case '(':
                encoded += "%28";
                break;
            case ')':
                encoded += "%29";
                break;
            default:
                encoded += c;
        }
    }
    return encoded;
}

}  // namespace

InlineWriter::InlineWriter(RenderedMarkdown& out, MarkdownStyle style, RenderLimits limits,
                           LineBreak line_break)
    : out_(out), style_(style), limits_(limits), line_break_(std::move(line_break)) {}

void InlineWriter::enter(cmark_node* node) {
    switch (cmark_node_get_type(node)) {
        case CMARK_NODE_TEXT:
            append_restored(out_.text, text_or_empty(cmark_node_get_literal(node)));
            break;
        case CMARK_NODE_SOFTBREAK:
        case CMARK_NODE_LINEBREAK:
            line_break_();
            break;
        case CMARK_NODE_CODE:
            code(text_or_empty(cmark_node_get_literal(node)));
            break;
        case CMARK_NODE_HTML_INLINE:
            html(text_or_empty(cmark_node_get_literal(node)));
            break;
        case CMARK_NODE_STRONG:
            if (strong_open_++ == 0) {
                strong_begin_ = out_.text.size();
                out_.text += style_ == MarkdownStyle::wecom ? strong_mark : "";
            }
            break;
        case CMARK_NODE_LINK:
        case CMARK_NODE_IMAGE:
            link_begins_.push_back(out_.text.size());
            break;
        default:
            break;
    }
}

void InlineWriter::leave(cmark_node* node) {
    switch (cmark_node_get_type(node)) {
        case CMARK_NODE_STRONG:
            leave_strong();
            break;
        case CMARK_NODE_LINK:
        case CMARK_NODE_IMAGE:
            leave_link(node);
            break;
        default:
            break;
    }
}

void InlineWriter::code(std::string_view literal) {
    const auto begin = out_.text.size();
    const auto text = restored(literal);
    if (style_ == MarkdownStyle::plain) {
        // A lone `*` or `.` would be lost in the sentence.
        out_.text += has_word(text) ? text : backticked(text);
        return;
    }
    out_.text += backticked(text);
    if (is_atom_size(begin)) {
        add_atom(begin);
    } else {
        out_.text.replace(begin, std::string::npos, text);
    }
}

void InlineWriter::html(std::string_view tag) {
    if (is_line_break(tag)) {
        line_break_();
    } else {
        append_restored(out_.text, tag);  // <name> is more often a placeholder than HTML
    }
}

void InlineWriter::leave_strong() {
    if (--strong_open_ > 0 || style_ == MarkdownStyle::plain) {
        return;
    }
    const bool empty = out_.text.size() == strong_begin_ + strong_mark.size();
    out_.text += strong_mark;
    if (!empty && is_atom_size(strong_begin_)) {
        add_atom(strong_begin_);
    } else {
        out_.text.resize(out_.text.size() - strong_mark.size());
        drop_strong_mark();
    }
}

void InlineWriter::drop_strong_mark() {
    out_.text.erase(strong_begin_, strong_mark.size());
    for (auto atom = out_.atoms.rbegin(); atom != out_.atoms.rend() && atom->begin > strong_begin_;
         ++atom) {
        atom->begin -= strong_mark.size();
        atom->end -= strong_mark.size();
    }
}

void InlineWriter::leave_link(cmark_node* node) {
    const auto begin = link_begins_.back();
    link_begins_.pop_back();
    const auto url = restored(text_or_empty(cmark_node_get_url(node)));
    const bool leads_nowhere = url.empty() || url.starts_with('#');  // a place in the document
    const bool nested = !link_begins_.empty();  // a picture that is a link is shown as the link
    if (!leads_nowhere && !nested) {
        write_target(begin, url);
    }
}

// Makes `text (url)` or [text](url) of the text since `begin`.
void InlineWriter::write_target(std::size_t begin, const std::string& url) {
    const auto text = out_.text.substr(begin);
    if (text.empty() || names_itself(text, url)) {
        out_.text += text.empty() ? url : "";
        return;
    }
    if (style_ == MarkdownStyle::wecom && text.find_first_of("[]\n") == std::string::npos) {
        const auto linked = '[' + text + "](" + inside_parentheses(url) + ')';
        if (linked.size() <= limits_.atom_bytes_max) {
            out_.text.replace(begin, std::string::npos, linked);
            add_atom(begin);
            return;
        }
    }
    out_.text += " (" + url + ')';
}

bool InlineWriter::is_atom_size(std::size_t begin) const noexcept {
    return out_.text.size() - begin <= limits_.atom_bytes_max;
}

void InlineWriter::add_atom(std::size_t begin) {
    while (!out_.atoms.empty() && out_.atoms.back().begin >= begin) {
        out_.atoms.pop_back();  // it is inside the new one
    }
    out_.atoms.push_back({begin, out_.text.size()});
}

void write_inlines(std::string_view markdown, InlineWriter& writer) {
    const auto tree = parse_tree(markdown);
    const MarkdownWalk walk(cmark_iter_new(tree.get()));
    for (auto event = cmark_iter_next(walk.get()); event != CMARK_EVENT_DONE;
         event = cmark_iter_next(walk.get())) {
        auto* node = cmark_iter_get_node(walk.get());
        event == CMARK_EVENT_ENTER ? writer.enter(node) : writer.leave(node);
    }
}

std::string plain_cell(std::string_view markdown) {
    if (markdown.find_first_of("*_`[]<>&!\\") == std::string_view::npos) {
        return restored(markdown);
    }
    RenderedMarkdown cell;
    InlineWriter writer(cell, MarkdownStyle::plain, {}, [&cell] { cell.text += ' '; });
    // A letter and a space before it, so that no cell is taken for a list or a heading.
    write_inlines(std::string(invisible_letter) + ' ' + std::string(markdown), writer);
    return cell.text.substr(cell.text.starts_with(' ') ? 1 : 0);
}

}  // namespace hermes::text
