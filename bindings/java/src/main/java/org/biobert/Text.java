package org.biobert;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/** Strings on their way to the native half. Messages have no word of them. */
final class Text {
    private Text() {}

    /** A list that cannot change any more, without nulls. */
    static String[] array(List<String> texts, String what) {
        String[] array = Objects.requireNonNull(texts, what).toArray(new String[0]);
        for (int i = 0; i < array.length; i++) {
            if (array[i] == null) {
                throw new NullPointerException(what + " have a null at " + i);
            }
        }
        return array;
    }

    /** A name or path; half a surrogate pair in it would otherwise become a question mark. */
    static byte[] utf8(String text, String what) {
        try {
            ByteBuffer bytes = UTF_8.newEncoder().encode(CharBuffer.wrap(Objects.requireNonNull(text, what)));
            byte[] array = new byte[bytes.remaining()];
            bytes.get(array);
            return array;
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException(what + " is not valid Unicode", e);
        }
    }

    /** A path as the native half takes it. */
    static byte[] utf8(Path path) {
        if (path.getFileSystem() != FileSystems.getDefault()) {
            throw new IllegalArgumentException("path is not of the default file system");
        }
        return utf8(path.toString(), "path");
    }

    static byte[][] utf8(List<String> texts, String what) {
        byte[][] array = new byte[texts.size()][];
        for (int i = 0; i < array.length; i++) {
            array[i] = utf8(texts.get(i), what);
        }
        return array;
    }
}
