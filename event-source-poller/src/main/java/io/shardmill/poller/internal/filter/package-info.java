/**
 * Event filters: Lambda's pattern language (Lambda guide, "Control which events Lambda sends to your function";
 * spec chapter 2), compiled once and matched while a payload is parsed. Pure.
 */
@NullMarked
package io.shardmill.poller.internal.filter;

import org.jspecify.annotations.NullMarked;
