// SPDX-License-Identifier: Apache-2.0
package io.kaon.server;

import io.kaon.wire.message.ApiVersionsResponse;
import java.util.ArrayList;
import java.util.List;

/** The table of apis as an ApiVersions response. */
public final class ApiListing {
    private ApiListing() {}

    /** A fresh response without an error. No feature is finalized yet, so none is named (D11). */
    public static ApiVersionsResponse of(ApiTable table) {
        List<ApiVersionsResponse.ApiVersion> versions = new ArrayList<>();
        for (ApiTable.Api api : table.all()) {
            versions.add(new ApiVersionsResponse.ApiVersion()
                    .setApiKey(api.key().id())
                    .setMinVersion(api.oldestVersion())
                    .setMaxVersion(api.newestVersion()));
        }
        return new ApiVersionsResponse().setApiKeys(versions);
    }
}
