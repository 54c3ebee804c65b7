/**
 * What biomedical and clinical text says, as columns of Apache Spark. {@link
 * org.biobert.spark.BiobertFunctions} has an example of each.
 */
package org.biobert.spark;
