extension RopeTable {
    // Not private: decoding is synthesised beside the type, and a build that compiles the two files apart must find them.
    enum CodingKeys: String, CodingKey {
        case model, method, headDim, base, window, attentionFactor, subspaces, positions, pieces,
            pieceAtPositions
        case queryScales, fades, slopes
    }

    /// One object with the keys in snake case, as `ropewalk rope --json` prints it.
    package func json() throws -> String {
        try JSONText.encode(self)
    }

    /// As the JSON form; what there is none of is null, so that the keys are always the same.
    package func encode(to encoder: any Encoder) throws {
        var object = encoder.container(keyedBy: CodingKeys.self)
        try object.encode(model, forKey: .model)
        try object.encode(method, forKey: .method)
        try object.encode(headDim, forKey: .headDim)
        try object.encode(base, forKey: .base)
        try object.encode(window, forKey: .window)
        try object.encode(attentionFactor, forKey: .attentionFactor)
        try object.encode(subspaces, forKey: .subspaces)
        try object.encode(positions, forKey: .positions)
        try object.encode(pieces, forKey: .pieces)
        try object.encode(pieceAtPositions, forKey: .pieceAtPositions)
        try object.encode(queryScales, forKey: .queryScales)
        try object.encode(fades, forKey: .fades)
        try object.encode(slopes, forKey: .slopes)
    }
}

extension RopeTable.Subspace {
    enum CodingKeys: String, CodingKey {
        case index, inverseFrequency, wavelength, turnsInWindow, critical, angles
    }

    /// As the JSON form; `wavelength` is null where the subspace does not turn.
    package func encode(to encoder: any Encoder) throws {
        var object = encoder.container(keyedBy: CodingKeys.self)
        try object.encode(index, forKey: .index)
        try object.encode(inverseFrequency, forKey: .inverseFrequency)
        try object.encode(wavelength, forKey: .wavelength)
        try object.encode(turnsInWindow, forKey: .turnsInWindow)
        try object.encode(critical, forKey: .critical)
        try object.encode(angles, forKey: .angles)
    }
}
