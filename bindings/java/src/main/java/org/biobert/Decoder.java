package org.biobert;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Reads what the native half wrote ({@code write.c}), in the same order. */
final class Decoder {
    private final ByteBuffer bytes;
    /** Labels and heads recur: each is kept once. */
    private final Map<String, String> names = new HashMap<>();

    /** How many documents were read. */
    private int documents;

    private Decoder(byte[] bytes) {
        this.bytes = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
    }

    static List<DocumentResult> documents(byte[] result) {
        Decoder decoder = new Decoder(result);
        return decoder.list(decoder::document);
    }

    static List<String> names(byte[] names) {
        Decoder decoder = new Decoder(names);
        return decoder.list(decoder::text);
    }

    private DocumentResult document() {
        int index = documents++;
        Status status = Status.of(integer());
        if (status != Status.OK) {
            return DocumentResult.bad(index, status, text());
        }
        DocumentResult.Found found = new DocumentResult.Found();
        found.flags = integer();
        found.spans = list(() -> new Span(integer(), integer(), name(), name(), number()));
        List<Span> spans = found.spans;
        found.relations = list(() ->
                new Relation(spans.get(integer()), spans.get(integer()), name(), name(), name(), number()));
        found.answers = list(() -> new Answer(integer(), integer(), integer(), name(), number()));
        found.noAnswer = number();
        found.classes = list(() -> new ClassScore(name(), name(), name(), number(), integer() != 0));
        found.sentences = list(() -> new Range(integer(), integer()));
        found.tokens = list(() -> new Range(integer(), integer()));
        found.embedding = numbers(integer());
        int rows = integer();
        found.width = integer();
        found.states = numbers(rows * found.width);
        return DocumentResult.of(index, found);
    }

    private int integer() {
        return bytes.getInt();
    }

    private float number() {
        return bytes.getFloat();
    }

    private float[] numbers(int count) {
        float[] numbers = new float[count];
        bytes.asFloatBuffer().get(numbers);
        bytes.position(bytes.position() + count * Float.BYTES);
        return numbers;
    }

    private String text() {
        int length = integer();
        String text = new String(bytes.array(), bytes.position(), length, UTF_8);
        bytes.position(bytes.position() + length);
        return text;
    }

    private <T> List<T> list(Supplier<T> item) {
        int count = integer();
        if (count == 0) {
            return List.of();
        }
        Object[] items = new Object[count];
        for (int i = 0; i < count; i++) {
            items[i] = item.get();
        }
        @SuppressWarnings("unchecked") // all come from `item`
        List<T> list = (List<T>) List.of(items);
        return list;
    }

    /** A text that recurs. */
    private String name() {
        return names.computeIfAbsent(text(), same -> same);
    }
}
