package org.biobert.spark;

import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.biobert.BiobertException;
import org.biobert.Status;

/**
 * A task with its settings, as Spark calls it for each row. Texts come as bytes: Spark's strings may have anything in
 * them, and a Java string would have U+FFFD where they are no UTF-8.
 */
final class Call implements Serializable {
    private static final long serialVersionUID = 1L;

    private final Task task;
    private final Settings settings;
    private transient volatile Ready ready;

    Call(Task task, Settings settings) {
        this.task = task;
        this.settings = settings;
    }

    /** A row with what was found in texts, of which only passages may be null, or an error. */
    Row row(List<byte[]> texts) {
        List<String> decoded = new ArrayList<>(texts.size());
        try {
            for (byte[] text : texts) {
                decoded.add(text == null ? null : decode(text));
            }
        } catch (NotUtf8 e) {
            return failed(Status.ENCODING, e.getMessage());
        }
        try {
            Object[] found = task.run(ready(), decoded);
            return row(found, null);
        } catch (BiobertException e) {
            if (isOfRow(e)) {
                return failed(e.status(), e.getMessage());
            }
            throw e;
        }
    }

    private Ready ready() {
        Ready opened = ready;
        if (opened == null) {
            opened = Ready.of(settings);
            ready = opened;
        }
        return opened;
    }

    /** Whether another row may fare better; it will not if there is no such model or head. */
    private static boolean isOfRow(BiobertException e) {
        return e.docIndex().isPresent()
                || switch (e.status()) {
                    case LIMIT, ENCODING, DEADLINE, PANIC -> true;
                    default -> false;
                };
    }

    private Row failed(Status status, String message) {
        return row(new Object[task.schema.length() - 1], status + ": " + message);
    }

    private static Row row(Object[] found, String error) {
        Object[] values = Arrays.copyOf(found, found.length + 1);
        values[found.length] = error;
        return RowFactory.create(values);
    }

    private static final class NotUtf8 extends Exception {
        private static final long serialVersionUID = 1L;

        NotUtf8(int position) {
            super("the text is not valid UTF-8 at byte " + position);
        }
    }

    private static String decode(byte[] text) throws NotUtf8 {
        CharsetDecoder strict = StandardCharsets.UTF_8.newDecoder();
        ByteBuffer bytes = ByteBuffer.wrap(text);
        CharBuffer decoded = CharBuffer.allocate(text.length);
        CoderResult result = strict.decode(bytes, decoded, true);
        if (result.isError()) {
            throw new NotUtf8(bytes.position());
        }
        return decoded.flip().toString();
    }
}
