// SPDX-License-Identifier: Apache-2.0
package io.kaon.admin;

import io.kaon.common.ErrorCode;
import io.kaon.wire.message.DescribeAclsRequest;
import io.kaon.wire.message.DescribeAclsResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Access control lists, to be looked at. Any thread. */
public final class Acls {
    private static final byte ANY = 1;
    private static final List<String> RESOURCES =
            List.of("UNKNOWN", "ANY", "TOPIC", "GROUP", "CLUSTER", "TRANSACTIONAL_ID", "DELEGATION_TOKEN", "USER");
    private static final List<String> PATTERNS = List.of("UNKNOWN", "ANY", "MATCH", "LITERAL", "PREFIXED");
    private static final List<String> OPERATIONS = List.of(
            "UNKNOWN",
            "ANY",
            "ALL",
            "READ",
            "WRITE",
            "CREATE",
            "DELETE",
            "ALTER",
            "DESCRIBE",
            "CLUSTER_ACTION",
            "DESCRIBE_CONFIGS",
            "ALTER_CONFIGS",
            "IDEMPOTENT_WRITE",
            "CREATE_TOKENS",
            "DESCRIBE_TOKENS",
            "TWO_PHASE_COMMIT");
    private static final List<String> PERMISSIONS = List.of("UNKNOWN", "ANY", "DENY", "ALLOW");

    private final AdminCaller caller;

    /** @param caller whom to ask */
    public Acls(AdminCaller caller) {
        this.caller = caller;
    }

    /** One rule; words as in Kafka's tools. */
    public record Acl(Subject subject, String principal, String host, String operation, String permission) {}

    /** What a rule is about. */
    public record Subject(String resourceType, String resourceName, String patternType) {}

    /**
     * All rules.
     *
     * @param isEnabled whether the broker looks at rules at all
     */
    public record Rules(boolean isEnabled, List<Acl> all) {
        public Rules {
            all = List.copyOf(all);
        }
    }

    /** All rules. */
    public CompletionStage<Rules> describe() {
        DescribeAclsRequest request = new DescribeAclsRequest()
                .setResourceTypeFilter(ANY)
                .setPatternTypeFilter(ANY)
                .setOperation(ANY)
                .setPermissionType(ANY)
                .setResourceNameFilter(null)
                .setPrincipalFilter(null)
                .setHostFilter(null);
        return caller.call(DescribeAclsResponse.class, request).thenApply(answer -> {
            if (answer.errorCode() == ErrorCode.SECURITY_DISABLED.code()) {
                return new Rules(false, List.of());
            }
            AdminCaller.check(answer.errorCode(), answer.errorMessage());
            List<Acl> all = new ArrayList<>();
            answer.resources().forEach(resource -> {
                Subject subject = new Subject(
                        nameOf(RESOURCES, resource.resourceType()),
                        resource.resourceName(),
                        nameOf(PATTERNS, resource.patternType()));
                resource.acls()
                        .forEach(acl -> all.add(new Acl(
                                subject,
                                acl.principal(),
                                acl.host(),
                                nameOf(OPERATIONS, acl.operation()),
                                nameOf(PERMISSIONS, acl.permissionType()))));
            });
            return new Rules(true, all);
        });
    }

    private static String nameOf(List<String> names, int id) {
        return id >= 0 && id < names.size() ? names.get(id) : names.get(0);
    }
}
