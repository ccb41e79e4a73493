// SPDX-License-Identifier: Apache-2.0
package io.kaon.server.handler;

import io.kaon.common.ErrorCode;
import io.kaon.metadata.ClusterImage;
import io.kaon.metadata.MetadataImages;
import io.kaon.server.ApiHandler;
import io.kaon.server.ApiListing;
import io.kaon.server.ApiTable;
import io.kaon.server.Reply;
import io.kaon.server.RequestContext;
import io.kaon.wire.message.ApiVersionsRequest;
import io.kaon.wire.message.ApiVersionsResponse;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;

/**
 * Tells clients which apis there are, at which versions. The answer to a version that we do not know comes from the
 * router (C13). From version 5 a client says whom it means to reach, and is sent back to its bootstrap servers when
 * that is somebody else (KIP-1242). From version 3 on features are named too (KIP-584).
 */
public final class ApiVersionsHandler implements ApiHandler<ApiVersionsRequest> {
    private static final int FIRST_VERSION_WITH_SOFTWARE = 3;
    private static final int FIRST_VERSION_WITH_TARGET = 5;
    private static final int MAX_SOFTWARE_LENGTH = 256;
    private static final int ANY_NODE = -1;
    /** KIP-511: letters, digits, dots and dashes, with a letter or digit at both ends. */
    private static final Pattern SOFTWARE = Pattern.compile("[a-zA-Z0-9](?:[a-zA-Z0-9\\-.]*[a-zA-Z0-9])?");

    private final ApiTable table;
    private final int nodeId;
    private final MetadataImages images;

    /**
     * @param nodeId this broker's id
     * @param images where the cluster's id and the levels of its features are read
     */
    public ApiVersionsHandler(ApiTable table, int nodeId, MetadataImages images) {
        this.table = table;
        this.nodeId = nodeId;
        this.images = images;
    }

    @Override
    public CompletionStage<Reply> handle(RequestContext context, ApiVersionsRequest request) {
        if (context.version() >= FIRST_VERSION_WITH_SOFTWARE) {
            String name = request.clientSoftwareName();
            String version = request.clientSoftwareVersion();
            if (!isSoftware(name) || !isSoftware(version)) {
                return Reply.now(new ApiVersionsResponse().setErrorCode(ErrorCode.INVALID_REQUEST.code()));
            }
            context.connection().software(name, version);
        }
        ClusterImage image = images.current();
        if (context.version() >= FIRST_VERSION_WITH_TARGET && !isMeant(request, image)) {
            return Reply.now(ApiListing.of(table).setErrorCode(ErrorCode.REBOOTSTRAP_REQUIRED.code()));
        }
        return Reply.now(ApiListing.of(table, image, context.version()));
    }

    private boolean isMeant(ApiVersionsRequest request, ClusterImage image) {
        boolean isOurCluster =
                request.clusterId() == null || request.clusterId().equals(image.clusterId());
        boolean isOurNode = request.nodeId() == ANY_NODE || request.nodeId() == nodeId;
        return isOurCluster && isOurNode;
    }

    private static boolean isSoftware(String text) {
        return text.length() <= MAX_SOFTWARE_LENGTH && SOFTWARE.matcher(text).matches();
    }
}
