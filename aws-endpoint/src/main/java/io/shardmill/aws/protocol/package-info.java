/** What AWS's services have in common: operations as tables of members, constraints, errors, pages, ARNs and memory. */
@NullMarked
package io.shardmill.aws.protocol;

import org.jspecify.annotations.NullMarked;
