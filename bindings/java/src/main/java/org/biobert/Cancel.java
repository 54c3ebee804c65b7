package org.biobert;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.function.LongFunction;

/**
 * A switch that ends the calls whose {@link RunOptions} have it, with {@link Status#CANCELLED}, and the
 * trainings that were given it. It may serve many calls, at once and one after the other. Any thread may
 * use it; it need not be closed.
 */
public final class Cancel {
    private final Set<Runnable> actions = Collections.newSetFromMap(new IdentityHashMap<>());
    private boolean triggered;

    /** Makes a switch that is off. */
    public Cancel() {}

    /** Switches on, for good: running calls end soon, later ones at once. */
    public synchronized void trigger() {
        triggered = true;
        actions.forEach(Runnable::run);
        actions.clear();
    }

    /**
     * Whether it is on.
     *
     * @return true after {@link #trigger}
     */
    public synchronized boolean isTriggered() {
        return triggered;
    }

    /** Takes an action back; when it returns, the action does not run and will not. */
    interface Registration {
        void close();
    }

    /** Has an action run when the switch is triggered, at once if it was. It must be quick. */
    synchronized Registration onTrigger(Runnable action) {
        if (triggered) {
            action.run();
        } else {
            actions.add(action);
        }
        return () -> remove(action);
    }

    private synchronized void remove(Runnable action) {
        actions.remove(action);
    }

    /** Runs a call with a native switch that follows this one; 0 if there is none to follow. */
    static <T> T during(Cancel cancellation, LongFunction<T> call) {
        if (cancellation == null) {
            return call.apply(0);
        }
        long cancel = Native.cancelCreate();
        Registration registration = cancellation.onTrigger(() -> Native.cancelTrigger(cancel));
        try {
            return call.apply(cancel);
        } finally {
            // In this order: a trigger must not meet a freed switch.
            registration.close();
            Native.cancelFree(cancel);
        }
    }
}
