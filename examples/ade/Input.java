import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Reads documents and hands them on in batches. A file is a note; of one whose name ends in .jsonl each line is, as
 * {"id": ..., "text": ...}. Of a directory, its files .txt and .jsonl are read.
 */
final class Input {
    /** A batch is full with so many documents, or so many characters. */
    private static final int BATCH_DOCUMENTS = 64;
    private static final int BATCH_CHARS = 1 << 18;
    /** A document of more bytes, some 500 pages, is refused. */
    private static final int LONGEST = 1 << 20;

    private final Failures failures;
    private final Consumer<List<Document>> next;
    private List<Document> batch = new ArrayList<>();
    private int chars;
    private int documents;

    Input(Failures failures, Consumer<List<Document>> next) {
        this.failures = failures;
        this.next = next;
    }

    /** How many were handed on. */
    int documents() {
        return documents;
    }

    /** Reads files and what is in directories; what cannot be read is told. */
    void read(List<Path> paths) {
        List<Path> files = new ArrayList<>();
        paths.forEach(path -> list(path, files));
        Map<Path, Integer> names = new HashMap<>();
        files.forEach(file -> names.merge(file.getFileName(), 1, Integer::sum));
        for (Path file : files) {
            // A document is called by its file's name, and by the path where that would not tell two apart.
            file(file, (names.get(file.getFileName()) > 1 ? file : file.getFileName()).toString());
        }
        flush();
    }

    private void list(Path path, List<Path> files) {
        if (!Files.isDirectory(path)) {
            files.add(path);
            return;
        }
        int before = files.size();
        try (Stream<Path> all = Files.list(path)) {
            all.filter(file -> file.toString().endsWith(".txt") || file.toString().endsWith(".jsonl")).sorted().forEach(files::add);
        } catch (IOException | UncheckedIOException e) {
            failures.tell(path.toString(), "cannot be listed");
            return;
        }
        if (files.size() == before) {
            failures.tell(path.toString(), "the directory has no file whose name ends in .txt or .jsonl");
        }
    }

    private void file(Path path, String name) {
        try {
            if (name.endsWith(".jsonl")) {
                lines(path, name);
            } else if (Files.size(path) > LONGEST) {
                failures.tell(path.toString(), "is longer than " + LONGEST + " bytes");
            } else {
                add(name, text(Files.readAllBytes(path)));
            }
        } catch (CharacterCodingException e) {
            failures.tell(path.toString(), "is not UTF-8");
        } catch (NoSuchFileException e) {
            failures.tell(path.toString(), "is not there");
        } catch (IOException e) {
            failures.tell(path.toString(), "cannot be read: " + e.getClass().getSimpleName());
        }
    }

    private void lines(Path path, String name) throws IOException {
        int number = 0;
        try (InputStream in = new BufferedInputStream(Files.newInputStream(path))) {
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            while (line(in, line)) {
                number++;
                try {
                    if (line.size() > LONGEST) {
                        throw new IllegalArgumentException("is longer than " + LONGEST + " bytes");
                    }
                    String json = text(line.toByteArray());
                    if (json.isBlank()) {
                        continue;
                    }
                    // Some programs begin a file by saying that it is Unicode.
                    Map<String, String> object = new Json(json.startsWith("\ufeff") ? json.substring(1) : json).strings();
                    if (!object.containsKey("text")) {
                        throw new IllegalArgumentException("no text");
                    }
                    add(object.getOrDefault("id", name + ":" + number), object.get("text"));
                } catch (CharacterCodingException e) {
                    failures.tell(path + ":" + number, "is not UTF-8");
                } catch (IllegalArgumentException e) {
                    failures.tell(path + ":" + number, e.getMessage());
                }
            }
        }
    }

    /** The next line, of which no more is kept than shows that it is too long. */
    private static boolean line(InputStream in, ByteArrayOutputStream line) throws IOException {
        line.reset();
        int b = in.read();
        boolean there = b >= 0;
        for (; b >= 0 && b != '\n'; b = in.read()) {
            if (line.size() <= LONGEST) {
                line.write(b);
            }
        }
        return there;
    }

    private static String text(byte[] bytes) throws CharacterCodingException {
        return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    }

    private void add(String id, String text) {
        batch.add(new Document(id, text));
        chars += text.length();
        if (batch.size() >= BATCH_DOCUMENTS || chars >= BATCH_CHARS) {
            flush();
        }
    }

    private void flush() {
        if (!batch.isEmpty()) {
            documents += batch.size();
            next.accept(batch);
        }
        batch = new ArrayList<>();
        chars = 0;
    }
}
