package org.biobert.spark;

import org.biobert.RunOptions;

/** The words of a text between two offsets, in whatever unit. */
final class Places {
    private final String text;
    /** The index in the string of each offset; null where the two are the same. */
    private final int[] indices;

    Places(String text, RunOptions.Unit unit) {
        this.text = text;
        indices = switch (unit) {
            case UTF16_UNITS -> null;
            case UNICODE_SCALARS -> text.chars().noneMatch(unit16 -> Character.isSurrogate((char) unit16))
                    ? null
                    : indices(text, unit);
            case UTF8_BYTES -> text.chars().allMatch(unit16 -> unit16 < 0x80) ? null : indices(text, unit);
        };
    }

    String words(int start, int end) {
        return indices == null ? text.substring(start, end) : text.substring(indices[start], indices[end]);
    }

    private static int[] indices(String text, RunOptions.Unit unit) {
        int[] indices = new int[text.codePoints().map(scalar -> length(scalar, unit)).sum() + 1];
        int offset = 0;
        for (int index = 0; index < text.length(); ) {
            int scalar = text.codePointAt(index);
            for (int next = offset + length(scalar, unit); offset < next; offset++) {
                indices[offset] = index;
            }
            index += Character.charCount(scalar);
        }
        indices[offset] = text.length();
        return indices;
    }

    private static int length(int scalar, RunOptions.Unit unit) {
        if (unit == RunOptions.Unit.UNICODE_SCALARS) {
            return 1;
        }
        return scalar < 0x80 ? 1 : scalar < 0x800 ? 2 : scalar < 0x10000 ? 3 : 4;
    }
}
