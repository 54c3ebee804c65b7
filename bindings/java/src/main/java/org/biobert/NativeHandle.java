package org.biobert;

import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.util.function.LongConsumer;
import java.util.function.LongFunction;

/**
 * The owner of a native object. It is freed once: by {@link #close}, after the calls that run on it, or,
 * if it was forgotten, by the garbage collector. All methods may be called by any thread.
 */
final class NativeHandle implements AutoCloseable {
    private static final Cleaner CLEANER = Cleaner.create();

    private final State state;
    private final Cleaner.Cleanable cleanable;

    /** Takes over {@code pointer}; {@code name} stands in messages. */
    NativeHandle(String name, long pointer, LongConsumer free) {
        state = new State(name, pointer, free);
        cleanable = CLEANER.register(this, state);
    }

    /**
     * Runs a call with the native object, which stays alive meanwhile.
     *
     * @throws IllegalStateException if it is closed
     */
    <T> T use(LongFunction<T> call) {
        state.enter();
        try {
            return call.apply(state.pointer);
        } finally {
            state.leave();
            Reference.reachabilityFence(this);
        }
    }

    /** The same for a call that gives nothing. */
    void run(LongConsumer call) {
        use(object -> {
            call.accept(object);
            return null;
        });
    }

    /** Refuses further calls, waits for those that run, frees. Does nothing the second time. */
    @Override
    public void close() {
        state.close();
        cleanable.clean();
    }

    /** What the cleaner holds: it must not refer to the handle. */
    private static final class State implements Runnable {
        private final String name;
        private final long pointer;
        private final LongConsumer free;
        private int users;
        private boolean closed;

        State(String name, long pointer, LongConsumer free) {
            this.name = name;
            this.pointer = pointer;
            this.free = free;
        }

        synchronized void enter() {
            if (closed) {
                throw new IllegalStateException("the " + name + " is closed");
            }
            users++;
        }

        synchronized void leave() {
            users--;
            if (users == 0 && closed) {
                notifyAll();
            }
        }

        synchronized void close() {
            closed = true;
            boolean interrupted = false;
            while (users > 0) {
                try {
                    wait();
                } catch (InterruptedException e) {
                    // Closing cannot be given up half way; whoever interrupted is told afterwards.
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }

        /** Called once, by the cleanable. */
        @Override
        public void run() {
            free.accept(pointer);
        }
    }
}
