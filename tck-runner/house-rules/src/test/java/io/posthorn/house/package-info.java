/**
 * The house style as a test over all sources of the repository: budgets for size, names, and what may import what. Reads
 * files; knows no class of the product. Begin with {@link io.posthorn.house.HouseRulesTest}.
 */
package io.posthorn.house;
