/// What one token's output takes of the tokens before it, in one channel or head.
package struct MixerRow: Equatable, Sendable {
    package struct Key: Equatable, Sendable {
        package let token: Int
        /// α of the query and the key.
        package let weight: Float
        /// |α| as a share of the row.
        package let share: Float
        /// What is left of its part of the state; nil where states of one channel fade differently (Mamba).
        package let left: Float?
    }

    package let layer: Int
    package let unit: Int
    package let query: Int
    /// Over all tokens up to the query.
    package let sum: Float
    package let absoluteSum: Float
    /// Of the highest |α|, the highest first.
    package let keys: [Key]
    /// What passes by the state: D, 0 for RWKV.
    package let through: Float
    package let provenance: Provenance
}
