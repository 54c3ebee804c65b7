package org.biobert;

/** Where the encoder of a call ran. */
public enum RanOn {
    /** On the processor, or it had nothing to do. */
    CPU(1),
    /** On a GPU. */
    GPU(4),
    /** Some of it on a GPU and some on the processor, as when the GPU fails on the way. */
    BOTH(5);

    /** The number that the C interface has for it. */
    final int number;

    RanOn(int number) {
        this.number = number;
    }

    static RanOn of(int number) {
        for (RanOn ranOn : values()) {
            if (ranOn.number == number) {
                return ranOn;
            }
        }
        throw new IllegalArgumentException("no place has the number " + number);
    }
}
