import Foundation

/// The angles of every subspace of a model under a position method, for people and for programs.
public struct RopeTable: Equatable, Sendable, Codable {
    public struct Subspace: Equatable, Sendable, Codable {
        public let index: Int
        /// Radians a token.
        public let inverseFrequency: Double
        /// Tokens a full turn; nil where the subspace does not turn.
        public let wavelength: Double?
        /// Full turns in the trained window.
        public let turnsInWindow: Double
        /// Whether it never makes a full turn in the trained window.
        public let critical: Bool
        /// Radians, not wrapped, one per position.
        public let angles: [Double]
    }

    /// The model's name, nil where the numbers were given by hand.
    public let model: String?
    /// The method's spec.
    public let method: String
    public let headDim: Int
    public let base: Double
    /// Trained window, tokens.
    public let window: Int
    public let attentionFactor: Double
    public let subspaces: [Subspace]
    /// The positions of the angles; not part of the JSON form.
    public var positions: [Int] = []

    private enum CodingKeys: String, CodingKey {
        case model, method, headDim, base, window, attentionFactor, subspaces
    }

    /// The table of a method; `positions` nil: 0, 1, the last of the window, the last of four windows.
    public init(
        model: String? = nil, method: any PositionMethod = RoPE(), in context: RotaryContext, positions: [Int]? = nil
    ) throws(MethodError) {
        try context.check()
        let positions = positions ?? [0, 1, context.trainedWindow - 1, 4 * context.trainedWindow - 1]
        let rotation = method.rotation(in: context)
        self.model = model
        self.method = method.spec
        self.positions = positions
        headDim = context.dimensions
        base = context.base
        window = context.trainedWindow
        attentionFactor = rotation.attentionFactor
        subspaces = rotation.inverseFrequencies.indices.map { index in
            let wavelength = rotation.wavelength(index)
            return Subspace(
                index: index, inverseFrequency: rotation.inverseFrequencies[index],
                wavelength: wavelength.isFinite ? wavelength : nil,
                turnsInWindow: Double(context.trainedWindow) / wavelength,
                critical: rotation.isCritical(index, window: context.trainedWindow),
                angles: positions.map { rotation.angle(index, distance: $0) })
        }
    }

    /// One object with the keys in snake case, as `ropewalk rope --json` prints it.
    public func json() throws -> String {
        try JSONText.encode(self)
    }

    /// Aligned columns, one line a subspace, critical ones marked.
    public var text: String {
        let header = ["subspace", "inverse frequency", "wavelength", "turns in window", ""]
        let rows = subspaces.map { subspace in
            [
                String(subspace.index), Self.figure(subspace.inverseFrequency),
                subspace.wavelength.map(Self.figure) ?? "never turns", Self.figure(subspace.turnsInWindow),
                subspace.critical ? "critical" : "",
            ] + subspace.angles.map(Self.figure)
        }
        let title =
            [
                model.map { "model \($0)" }, "method \(method)", "head dimensions \(headDim)",
                "base \(Self.figure(base))", "window \(window.grouped)",
                "attention factor \(Self.figure(attentionFactor))",
            ].compactMap { $0 }.joined(separator: " · ")
        let table = AlignedTable(
            header: header + positions.map { "angle at \($0.grouped)" }, rows: rows,
            alignments: [.right, .right, .right, .right, .left] + positions.map { _ in .right })
        return title + "\n\n" + table.text
    }

    private static func figure(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? Int(value).grouped : String(format: "%.6g", value)
    }
}

extension RopeTable {
    /// As the JSON form; `model` is null where there is none, so that the keys are always the same.
    public func encode(to encoder: any Encoder) throws {
        var object = encoder.container(keyedBy: CodingKeys.self)
        try object.encode(model, forKey: .model)
        try object.encode(method, forKey: .method)
        try object.encode(headDim, forKey: .headDim)
        try object.encode(base, forKey: .base)
        try object.encode(window, forKey: .window)
        try object.encode(attentionFactor, forKey: .attentionFactor)
        try object.encode(subspaces, forKey: .subspaces)
    }
}

extension RopeTable.Subspace {
    private enum CodingKeys: String, CodingKey {
        case index, inverseFrequency, wavelength, turnsInWindow, critical, angles
    }

    /// As the JSON form; `wavelength` is null where the subspace does not turn.
    public func encode(to encoder: any Encoder) throws {
        var object = encoder.container(keyedBy: CodingKeys.self)
        try object.encode(index, forKey: .index)
        try object.encode(inverseFrequency, forKey: .inverseFrequency)
        try object.encode(wavelength, forKey: .wavelength)
        try object.encode(turnsInWindow, forKey: .turnsInWindow)
        try object.encode(critical, forKey: .critical)
        try object.encode(angles, forKey: .angles)
    }
}

extension RotaryContext {
    /// Refuses what no model has: the numbers may come from a command line.
    fileprivate func check() throws(MethodError) {
        guard (2...65536).contains(dimensions), dimensions.isMultiple(of: 2) else {
            throw .rotaryOutOfRange(name: "head dimensions", value: "\(dimensions)", range: "even numbers 2 to 65,536")
        }
        guard base > 1, base <= 1e15 else {
            throw .rotaryOutOfRange(name: "base", value: "\(base)", range: "numbers above 1, up to 1e15")
        }
        guard (1...1_073_741_824).contains(trainedWindow) else {
            throw .rotaryOutOfRange(name: "window", value: "\(trainedWindow)", range: "1 to 1,073,741,824 tokens")
        }
    }
}
