package org.ofbiz.base.util.cache;

import java.util.Collection;
import java.util.regex.Pattern;

public class UtilCache<K, V> {
    public static void clearAllCaches(Collection<String> excludeNames, Collection<Pattern> excludePatterns) {
        throw new UnsupportedOperationException("a signature alone");
    }
}
