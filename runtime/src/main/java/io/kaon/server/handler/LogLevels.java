// SPDX-License-Identifier: Apache-2.0
package io.kaon.server.handler;

import io.kaon.common.ErrorCode;
import io.kaon.wire.message.IncrementalAlterConfigsRequest.AlterConfigsResource;
import io.kaon.wire.message.IncrementalAlterConfigsRequest.AlterableConfig;
import io.kaon.wire.message.IncrementalAlterConfigsResponse.AlterConfigsResourceResponse;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.Logger;

/**
 * The levels of the broker's own log categories, read and changed while it runs as those of Kafka's brokers
 * ({@code kafka-configs --entity-type broker-loggers}, KIP-412). They are the process's, not the cluster's: gone with its
 * end. Categories of others, such as the application around the broker, are out of reach. Any thread.
 */
final class LogLevels {
    static final String ROOT = "io.kaon";

    private static final byte SET = 0;
    private static final byte DELETE = 1;
    private static final Map<String, Level> LEVELS = levels();

    private final String nodeId;
    /** A logger that nobody holds may be forgotten with its level. */
    private final Map<String, Logger> changed = new ConcurrentHashMap<>();

    /** @param nodeId the name of the resource that these levels belong to */
    LogLevels(String nodeId) {
        this.nodeId = nodeId;
    }

    /** Every category with the level that holds for it, by name. */
    Map<String, String> all() {
        Set<String> names = new TreeSet<>();
        for (String name : Collections.list(LogManager.getLogManager().getLoggerNames())) {
            for (int end = name.length(); end >= ROOT.length() && isOurs(name); end = name.lastIndexOf('.', end - 1)) {
                names.add(name.substring(0, end));
            }
        }
        Map<String, String> levels = new LinkedHashMap<>();
        names.forEach(name -> levels.put(name, levelOf(name)));
        return levels;
    }

    /** Changes the levels that a resource names, or none of them. */
    AlterConfigsResourceResponse alter(AlterConfigsResource asked, boolean validateOnly) {
        AlterConfigsResourceResponse response = new AlterConfigsResourceResponse()
                .setResourceType(asked.resourceType())
                .setResourceName(asked.resourceName())
                .setErrorMessage(null);
        if (!asked.resourceName().equals(nodeId)) {
            return response.setErrorCode(ErrorCode.INVALID_REQUEST.code())
                    .setErrorMessage("This is broker " + nodeId + ", not '" + asked.resourceName() + "'.");
        }
        Set<String> known = all().keySet();
        for (AlterableConfig config : asked.configs()) {
            Optional<String> problem = problem(config, known);
            if (problem.isPresent()) {
                return response.setErrorCode(ErrorCode.INVALID_CONFIG.code()).setErrorMessage(problem.get());
            }
        }
        if (!validateOnly) {
            asked.configs().forEach(this::apply);
        }
        return response;
    }

    private static Optional<String> problem(AlterableConfig config, Set<String> known) {
        if (!known.contains(config.name())) {
            return Optional.of("There is no log category " + config.name() + " of this broker.");
        }
        if (config.configOperation() == DELETE) {
            return Optional.empty();
        }
        if (config.configOperation() != SET) {
            return Optional.of("A level is set or deleted; there is nothing to append to or to subtract from.");
        }
        return LEVELS.containsKey(config.value())
                ? Optional.empty()
                : Optional.of("The level of " + config.name() + " is one of " + String.join(", ", LEVELS.keySet())
                        + ", was " + config.value() + ".");
    }

    private void apply(AlterableConfig config) {
        Logger logger = Logger.getLogger(config.name());
        if (config.configOperation() == DELETE) {
            logger.setLevel(null);
            changed.remove(config.name());
        } else {
            changed.put(config.name(), logger);
            logger.setLevel(LEVELS.get(config.value()));
        }
    }

    private static boolean isOurs(String name) {
        return name.equals(ROOT) || name.startsWith(ROOT + ".");
    }

    /** The finest level in Kafka's words at which the category tells something. */
    private static String levelOf(String name) {
        Logger logger = Logger.getLogger(name);
        return LEVELS.entrySet().stream()
                .filter(level -> logger.isLoggable(level.getValue()))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse("FATAL");
    }

    /** Kafka's levels from the finest on, as the JDK's of the same weight. */
    private static Map<String, Level> levels() {
        Map<String, Level> levels = new LinkedHashMap<>();
        levels.put("TRACE", Level.FINER);
        levels.put("DEBUG", Level.FINE);
        levels.put("INFO", Level.INFO);
        levels.put("WARN", Level.WARNING);
        levels.put("ERROR", Level.SEVERE);
        levels.put("FATAL", Level.OFF);
        return Collections.unmodifiableMap(levels);
    }
}
