/// All methods; a new one is a file of its own and a line here.
public enum Catalogue {
    package static let all: [any Method.Type] = [
        RoPE.self,
        DirectTuning.self,
        PositionInterpolation.self,
        NTKAware.self,
        AdjustedBase.self,
        DynamicNTK.self,
        NTKByParts.self,
        YaRN.self,
        Llama3Scaling.self,
        LongRoPE.self,
        BaseTruncation.self,
        PowerScaling.self,
        NTKMixed.self,
        ReRoPE.self,
        LeakyReRoPE.self,
        SelfExtend.self,
        DualChunk.self,
        DistanceLimit.self,
        CachePositions.self,
        ParallelPositions.self,
        LogN.self,
        XPos.self,
        PartialRotary.self,
        PRoPE.self,
        NoPE.self,
        ALiBi.self,
        TransformerXLRelative.self,
        Sinusoidal.self,
        Full.self,
        Causal.self,
        SlidingWindow.self,
        LambdaWindow.self,
        StreamingWindow.self,
        DilatedWindow.self,
        Longformer.self,
        BigBird.self,
        GlobalTokens.self,
        Strided.self,
        Fixed.self,
        Banded.self,
        BlockLocal.self,
        Chunked.self,
        HierarchicalChunk.self,
        HierarchicalSegments.self,
        Hibert.self,
        ChunkJoin.self,
        ParallelContext.self,
        ShiftedGroups.self,
        LongNet.self,
        TimeMask.self,
        PrefixWindow.self,
        DocumentMask.self,
        TransformerXL.self,
        CompressiveWindow.self,
        TopK.self,
        FocusedTransformer.self,
        MemorizingTransformer.self,
        Unlimiformer.self,
        Quest.self,
        MoBA.self,
        InfLLM.self,
        Landmark.self,
        NSA.self,
        LongHeads.self,
        RETRO.self,
        HeavyHitters.self,
        TOVA.self,
        Scissorhands.self,
        SnapKV.self,
        PQCache.self,
        LazyLLM.self,
        LSHAttention.self,
        DynamicHeads.self,
        LinearKernel.self,
        RetNet.self,
        Performer.self,
        KIVI.self,
        PartMeans.self,
        Ablation.self,
    ]

    /// What every method says of itself, in the order of the catalogue.
    public static var descriptions: [MethodDescription] { all.map { $0.description } }

    /// The names in the method grammar, in the order of the catalogue.
    package static var names: [String] { all.map { $0.description.name } }

    /// The method of that name, nil where there is none.
    package static func method(named name: String) -> (any Method.Type)? {
        all.first { $0.description.name == name }
    }

    /// The name nearest to a mistyped one; nil where none is near enough to be meant.
    package static func nearestName(to name: String) -> String? {
        let typed = Array(name.lowercased().unicodeScalars.prefix(64))
        let ranked = names.map { (name: $0, edits: editDistance(typed, Array($0.unicodeScalars))) }
        guard let best = ranked.min(by: { $0.edits < $1.edits }) else { return nil }
        return best.edits <= max(1, best.name.count / 2) ? best.name : nil
    }
}

/// Insertions, deletions and replacements that turn one into the other (Levenshtein), one row at a time.
package func editDistance(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar]) -> Int {
    var row = Array(0...b.count)
    for (i, x) in a.enumerated() {
        var diagonal = row[0]
        row[0] = i + 1
        for (j, y) in b.enumerated() {
            let replaced = diagonal + (x == y ? 0 : 1)
            diagonal = row[j + 1]
            row[j + 1] = min(replaced, row[j] + 1, row[j + 1] + 1)
        }
    }
    return row[b.count]
}
