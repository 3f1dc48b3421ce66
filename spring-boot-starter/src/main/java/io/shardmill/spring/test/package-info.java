/** For tests of applications with mappings; needs Spring Boot's test module. */
@NullMarked
package io.shardmill.spring.test;

import org.jspecify.annotations.NullMarked;
