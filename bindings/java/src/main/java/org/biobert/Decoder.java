package org.biobert;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Reads what the native half wrote ({@code write.c}), in the same order. */
final class Decoder {
    private final ByteBuffer bytes;
    /** Labels and heads recur: each is kept once. */
    private final Map<String, String> names = new HashMap<>();

    /** How many documents were read. */
    private int documents;

    /** Where the call ran. */
    private RanOn device;

    private Decoder(byte[] bytes) {
        this.bytes = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
    }

    static List<DocumentResult> documents(byte[] result) {
        Decoder decoder = new Decoder(result);
        decoder.device = RanOn.of(decoder.integer());
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
            return DocumentResult.bad(index, device, status, text());
        }
        DocumentResult.Found found = new DocumentResult.Found();
        found.flags = integer();
        found.spans = list(() -> new Span(integer(), integer(), name(), name(), number()));
        List<Span> spans = found.spans;
        found.relations = list(() -> new Relation(
                spans, integer(), integer(), name(), name(), name(), number(), Assertion.Value.of(integer())));
        found.answers = list(() -> new Answer(integer(), integer(), integer(), name(), number(), number()));
        found.noAnswer = number();
        found.classes = list(() -> new ClassScore(name(), name(), name(), number(), integer() != 0));
        found.sentences = list(this::range);
        found.tokens = list(this::range);
        found.embedding = numbers(integer());
        int rows = integer();
        found.width = integer();
        found.states = numbers(rows * found.width);
        found.sections = sections();
        List<Also> also = list(() -> new Also(name(), name(), number()));
        List<Attribute> attributes = list(this::attribute);
        List<Code> codes = list(() -> new Code(name(), name(), number(), Code.Reason.of(integer())));
        List<Link> links = list(() -> new Link(name(), part(codes), Link.Abstention.of(integer())));
        found.entities = list(() -> entity(found.sections, also, attributes, links));
        found.codeRelations = list(() -> new CodeRelation(name(), name(), name(), number()));
        List<Candidate> candidates = list(() -> new Candidate(name(), integer(), number()));
        found.masks = list(() -> new Mask(integer(), integer(), part(candidates)));
        return DocumentResult.of(index, device, found);
    }

    /** A section comes after the one that it stands in. */
    private List<Section> sections() {
        List<Section> sections = new ArrayList<>();
        return list(() -> {
            Section section =
                    new Section(integer(), integer(), range(), at(sections, integer()), name(), name());
            sections.add(section);
            return section;
        });
    }

    private Entity entity(List<Section> sections, List<Also> also, List<Attribute> attributes, List<Link> links) {
        Span span = new Span(integer(), integer(), name(), name(), number());
        return new Entity(
                span, part(also), at(sections, integer()), assertion(), text(), part(attributes), part(links));
    }

    /** Null if it was not assessed. */
    private Assertion assertion() {
        Optional<Assertion.Value> value = Assertion.Value.of(integer());
        Assertion.Category category = Assertion.Category.of(integer());
        float score = number();
        Range cue = range();
        return value.map(v -> new Assertion(v, category, score, cue.end() == 0 ? null : cue)).orElse(null);
    }

    private Attribute attribute() {
        return new Attribute(
                Attribute.Kind.of(integer()),
                integer(),
                integer(),
                bytes.getDouble(),
                bytes.getDouble(),
                name(),
                name(),
                integer(),
                integer() != 0);
    }

    private Range range() {
        return new Range(integer(), integer());
    }

    /** The element at an index; null below 0. */
    private static <T> T at(List<T> list, int index) {
        return index < 0 ? null : list.get(index);
    }

    /** The part of a list that an index and a count say. */
    private <T> List<T> part(List<T> list) {
        int first = integer();
        return list.subList(first, first + integer());
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
