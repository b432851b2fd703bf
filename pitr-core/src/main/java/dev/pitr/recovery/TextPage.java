package dev.pitr.recovery;

/** Lines for a terminal: headings, fields in two columns, lists; wrapped at words. */
final class TextPage {
    private static final int WIDTH = 96;
    private static final int COLUMN = 12;

    private final StringBuilder text = new StringBuilder();

    TextPage heading(String heading) {
        if (!text.isEmpty()) {
            text.append('\n');
        }
        text.append(heading).append('\n');
        return this;
    }

    TextPage field(String label, String value) {
        wrap(String.format("  %-" + (COLUMN - 2) + "s", label), COLUMN, value);
        return this;
    }

    TextPage item(String mark, String value) {
        wrap("  " + mark + " ", 3 + mark.length(), value);
        return this;
    }

    TextPage line(String value) {
        text.append("  ").append(value).append('\n');
        return this;
    }

    private void wrap(String start, int indent, String value) {
        StringBuilder line = new StringBuilder(start);
        boolean isFirst = true;
        for (String word : value.split(" ", -1)) {
            if (!isFirst && line.length() + 1 + word.length() > WIDTH) {
                text.append(line).append('\n');
                line = new StringBuilder(" ".repeat(indent));
                isFirst = true;
            }
            line.append(isFirst ? "" : " ").append(word);
            isFirst = false;
        }
        text.append(line).append('\n');
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
