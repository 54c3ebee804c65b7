/** Shows that test.sh would see what -Xcheck:jni finds: it must find something here. */
public final class Careless {
    private static native int run(Object[] empty);

    public static void main(String[] args) {
        System.load(args[0]);
        try {
            run(new Object[0]);
        } catch (ArrayIndexOutOfBoundsException e) {
            System.out.println("careless");
        }
    }
}
