import RopewalkMethods

/// What a mask can be written as.
package enum MaskFormat: String, CaseIterable, Equatable, Sendable {
    /// Lines of 0 and 1.
    case text
    /// An object with the rows as arrays of key indices.
    case json
    /// A NumPy array of booleans.
    case npy
    /// A black and white picture, a pixel a pair.
    case png
    /// A picture of runs that stays sharp at every size.
    case svg

    package init(named name: String) throws(ExportError) {
        guard let format = MaskFormat(rawValue: name) else { throw .unknownFormat(name) }
        self = format
    }

    /// Larger masks are refused: the output would be of no use and of many gigabytes.
    package var largestTokens: Int {
        switch self {
        case .text, .json: 16_384
        case .npy, .png, .svg: 65_536
        }
    }

    /// Masks of several heads, which npy and json hold together.
    package struct Stack: Sendable {
        let masks: [Mask]
        /// Of each mask, for people.
        let names: [String]
        /// The lengths of the axes before queries and keys.
        let shape: [Int]

        package init(masks: [Mask], names: [String], shape: [Int]) {
            self.masks = masks
            self.names = names
            self.shape = shape
        }
    }

    /// Writes several masks; `json` and `npy` only.
    package func write(_ stack: Stack, to sink: ByteSink) throws(ExportError) {
        for mask in stack.masks where mask.tokens > largestTokens { throw .tooManyTokens(mask.tokens, self) }
        if self == .json { try MaskJSON.write(stack, to: sink) } else { try MaskNPY.write(stack, to: sink) }
        try sink.flush()
    }

    /// Writes a mask row by row; `name` is what the mask is called in the formats that say so.
    package func write(_ mask: some MaskRows, name: String, to sink: ByteSink) throws(ExportError) {
        guard mask.tokens <= largestTokens else { throw .tooManyTokens(mask.tokens, self) }
        switch self {
        case .text: try MaskText.write(mask, to: sink)
        case .json: try MaskJSON.write(mask, name: name, to: sink)
        case .npy: try MaskNPY.write(mask, to: sink)
        case .png: try MaskPNG.write(mask, to: sink)
        case .svg: try MaskSVG.write(mask, name: name, to: sink)
        }
        try sink.flush()
    }
}
