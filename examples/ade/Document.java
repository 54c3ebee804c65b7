/** A text and what it is called. */
final class Document {
    final String id;
    final String text;

    Document(String id, String text) {
        this.id = id;
        this.text = text;
    }
}
