import java.util.HashMap;
import java.util.Map;

/** Reads the strings of a JSON object; what else it has is passed over. */
final class Json {
    private final String text;
    private int at;

    Json(String text) {
        this.text = text;
    }

    Map<String, String> strings() {
        Map<String, String> found = new HashMap<>();
        expect('{');
        if (!take('}')) {
            do {
                String key = string();
                expect(':');
                if (peek() == '"') {
                    found.put(key, string());
                } else {
                    skip();
                }
            } while (take(','));
            expect('}');
        }
        if (peek() != 0) {
            throw bad();
        }
        return found;
    }

    /** Passes over a value that is not needed: up to the comma or bracket that ends it. */
    private void skip() {
        int depth = 0;
        for (char c = peek(); c != 0; c = peek()) {
            if (c == '"') {
                string();
                continue;
            }
            if (depth == 0 && (c == ',' || c == '}')) {
                return;
            }
            depth += c == '{' || c == '[' ? 1 : c == '}' || c == ']' ? -1 : 0;
            at++;
        }
        throw bad();
    }

    private String string() {
        expect('"');
        StringBuilder out = new StringBuilder();
        for (; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == '"') {
                at++;
                return out.toString();
            }
            if (c == '\\') {
                out.append(escape());
            } else {
                out.append(c);
            }
        }
        throw bad();
    }

    /** What a backslash begins; stays on its last character. */
    private char escape() {
        at++;
        int kind = at < text.length() ? "\"\\/bfnrtu".indexOf(text.charAt(at)) : -1;
        if (kind < 0) {
            throw bad();
        }
        if (kind < 8) {
            return "\"\\/\b\f\n\r\t".charAt(kind);
        }
        if (at + 4 >= text.length()) {
            throw bad();
        }
        try {
            char c = (char) Integer.parseInt(text.substring(at + 1, at + 5), 16);
            at += 4;
            return c;
        } catch (NumberFormatException e) {
            throw bad();
        }
    }

    private char peek() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        return at < text.length() ? text.charAt(at) : 0;
    }

    private boolean take(char c) {
        boolean there = peek() == c;
        at += there ? 1 : 0;
        return there;
    }

    private void expect(char c) {
        if (!take(c)) {
            throw bad();
        }
    }

    private IllegalArgumentException bad() {
        return new IllegalArgumentException("no JSON object with id and text, at character " + (at + 1));
    }
}
