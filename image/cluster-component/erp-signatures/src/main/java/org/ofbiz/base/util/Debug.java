package org.ofbiz.base.util;

public final class Debug {
    private Debug() {
    }

    public static void logInfo(String message, String module) {
        throw new UnsupportedOperationException("a signature alone");
    }

    public static void logWarning(String message, String module) {
        throw new UnsupportedOperationException("a signature alone");
    }

    public static void logError(Throwable problem, String message, String module) {
        throw new UnsupportedOperationException("a signature alone");
    }
}
