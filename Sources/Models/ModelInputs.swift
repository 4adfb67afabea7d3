import RopewalkMethods

/// What a run reads.
public struct ModelInputs: Equatable, Sendable {
    /// Of the decoder, or of the encoder where there is one.
    public var ids: [Int32]
    /// Of the decoder of a model that has both; nil for the text itself behind a start token.
    public var decoderIDs: [Int32]?
    /// Which of `ids` are no padding; nil for all.
    ///
    /// Only encoders have padding.
    public var present: [Bool]?
    /// What each of `ids` belongs to (BERT's segments); nil for all 0.
    public var types: [Int32]?
    /// Places of the tokens that see everything (Longformer); nil for what its architecture does by itself.
    public var globals: [Int]?

    /// Inputs of which all but the ids may be left out.
    public init(
        ids: [Int32], decoderIDs: [Int32]? = nil, present: [Bool]? = nil, types: [Int32]? = nil, globals: [Int]? = nil
    ) {
        self.ids = ids
        self.decoderIDs = decoderIDs
        self.present = present
        self.types = types
        self.globals = globals
    }

    /// Of the first `count` tokens only.
    package func prefix(_ count: Int) -> ModelInputs {
        ModelInputs(
            ids: Array(ids.prefix(count)), decoderIDs: decoderIDs.map { Array($0.prefix(count)) },
            present: present.map { Array($0.prefix(count)) }, types: types.map { Array($0.prefix(count)) },
            globals: globals.map { $0.filter { $0 < count } })
    }

    /// The places of `ids` that are no padding; nil where all are.
    var presentKeys: KeyRanges? {
        guard let present, !present.allSatisfy({ $0 }) else { return nil }
        return KeyRanges(present.indices.filter { present[$0] }.map { $0..<$0 + 1 })
    }
}
