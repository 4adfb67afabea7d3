import RopewalkPhrases

/// The columns of the table, as many as have room.
struct WordColumns {
    enum Column: CaseIterable {
        case place, score, mask, exponential, weight, bar, value, share

        var title: String {
            switch self {
            case .place: say("token")
            case .score: say("score")
            case .mask: say("mask")
            case .exponential: "exp"
            case .weight: say("weight")
            case .bar: ""
            case .value: "|w·v|"
            case .share: say("adds")
            }
        }

        var width: Int {
            switch self {
            case .place: 6
            case .mask, .bar, .share: 8
            case .score, .exponential, .weight, .value: 7
            }
        }

        /// The step that it is worked out in; nil: before all of them.
        var step: WordStep? {
            switch self {
            case .place: nil
            case .score: .scores
            case .mask: .mask
            case .exponential: .exponential
            case .weight, .bar: .weight
            case .value: .value
            case .share: .output
            }
        }
    }

    let columns: [Column]
    /// Cells of the key's name.
    let name: Int
    let bar: Int

    private static let shortestName = 10
    private static let longestName = 20
    private static let ranking: [Column] = [.score, .weight, .exponential, .share, .value, .mask, .bar, .place]

    /// - Parameter step: its own column has room before all others
    init(width: Int, step: WordStep) {
        var room = width - Self.shortestName
        var chosen: Set<Column> = []
        let first = Self.ranking.filter { $0.step == step && $0 != .bar }
        for column in first + Self.ranking.filter({ !first.contains($0) }) where room >= column.width + 1 {
            chosen.insert(column)
            room -= column.width + 1
        }
        columns = Column.allCases.filter(chosen.contains)
        let longer = min(max(0, room), Self.longestName - Self.shortestName)
        name = Self.shortestName + longer
        bar = Column.bar.width + min(12, max(0, room - longer))
    }

    func width(_ column: Column) -> Int { column == .bar ? bar : column.width }
}
