// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kaon.admin.Acls;
import io.kaon.admin.Acls.Acl;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Access control lists, to be looked at. */
@Singleton
public class AclsGroup implements OperationGroup {
    private static final Schema ACL = Convention.thing("KafkaAcl")
            .with("cluster_id", Schema.text())
            .with("resource_type", Schema.text())
            .with("resource_name", Schema.text())
            .with("pattern_type", Schema.text())
            .with("principal", Schema.text())
            .with("host", Schema.text())
            .with("operation", Schema.text())
            .with("permission", Schema.text());

    private final AdminConnection connection;

    AclsGroup(AdminConnection connection) {
        this.connection = connection;
    }

    @Override
    public List<Operation> operations() {
        return List.of(Operation.get("/clusters/{cluster_id}/acls")
                .id("listAcls")
                .tag("Access control")
                .summary("List the rules of access control")
                .paged()
                .gives(
                        200,
                        Convention.listOf("KafkaAclList", ACL)
                                .with(
                                        "is_enabled",
                                        Schema.flag()
                                                .described("Whether the broker looks at rules; if not, clients may"
                                                        + " do everything.")))
                .handledBy(this::list));
    }

    private CompletionStage<Answer> list(Call call) {
        return new Acls(connection.caller()).describe().thenApply(rules -> {
            Page.Cut<Acl> page = call.page().of(rules.all(), Acl::toString);
            ArrayNode data = JsonNodeFactory.instance.arrayNode();
            page.elements().forEach(acl -> data.add(toJson(call, acl)));
            ObjectNode list = call.page().list("KafkaAclList", data, page.next());
            return Answer.ok(list.put("is_enabled", rules.isEnabled()));
        });
    }

    private static ObjectNode toJson(Call call, Acl acl) {
        String cluster = call.text("cluster_id");
        ObjectNode json = Convention.thing(
                "KafkaAcl",
                call.links().to("clusters", cluster, "acls"),
                List.of("kafka", cluster, "acl", acl.subject().resourceName()));
        return json.put("cluster_id", cluster)
                .put("resource_type", acl.subject().resourceType())
                .put("resource_name", acl.subject().resourceName())
                .put("pattern_type", acl.subject().patternType())
                .put("principal", acl.principal())
                .put("host", acl.host())
                .put("operation", acl.operation())
                .put("permission", acl.permission());
    }
}
