/** What could not be read is told, without words of a note, and counted; the others follow. */
final class Failures {
    private int count;

    void tell(String what, String why) {
        System.err.println(what + ": " + why);
        count++;
    }

    int count() {
        return count;
    }
}
