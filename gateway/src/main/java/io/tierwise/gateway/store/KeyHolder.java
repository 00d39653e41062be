package io.tierwise.gateway.store;

import io.tierwise.router.request.Tenant;

/**
 * Whom a key belongs to.
 *
 * @param admin whether it reaches every tenant's cached answers; what it asks is the tenant's
 */
public record KeyHolder(Tenant tenant, boolean admin) {}
