import RopewalkPhrases

/// What is sorted, and what is the least of several: as Python compares, which refuses values that have no order.
extension TemplateRun {
    /// How items are compared: by a member or several, texts in lower case unless they are not.
    struct Comparison {
        /// Each a path: "content.0". Empty: the item itself.
        let members: [String]
        let isExact: Bool

        /// - Parameter members: "a,b.c"; nil for the items themselves
        init(members: String?, isExact: Bool) {
            self.members = members.map { $0.split(separator: ",").map { String($0) } } ?? []
            self.isExact = isExact
        }

        /// What is compared in place of an item.
        func key(_ item: TemplateValue) -> TemplateValue {
            let values = members.isEmpty ? [item] : members.map { item.member(path: $0) }
            return .list(values.map(lowered))
        }

        private func lowered(_ value: TemplateValue) -> TemplateValue {
            if case .string(let text) = value, !isExact { return .string(text.lowercased()) }
            return value
        }
    }

    /// Items in order, those that are equal as they stood.
    func sorted(
        _ items: [TemplateValue], by comparison: Comparison, isReversed: Bool, _ line: Int
    ) throws(TemplateProblem) -> [TemplateValue] {
        let keys = items.map { comparison.key($0) }
        do {
            return try items.indices.sorted { a, b in
                let order = try self.order(keys[a], keys[b], line)
                return order == 0 ? a < b : isReversed ? order > 0 : order < 0
            }.map { items[$0] }
        } catch let problem as TemplateProblem {
            throw problem
        } catch {
            throw TemplateProblem(line, "\(error)")
        }
    }

    /// The first of the least, or of the greatest; nil of none.
    func extreme(
        _ items: [TemplateValue], by comparison: Comparison, isLeast: Bool, _ line: Int
    ) throws(TemplateProblem) -> TemplateValue? {
        guard var best = items.first else { return nil }
        for item in items.dropFirst() {
            guard case .list(let own) = comparison.key(item), case .list(let others) = comparison.key(best),
                let key = own.first, let other = others.first
            else { continue }
            // Not as lists: of two that are equal it is asked too whether they have an order.
            let order = try order(key, other, line)
            if isLeast ? order < 0 : order > 0 { best = item }
        }
        return best
    }

    /// Below 0 where the first is less.
    func order(_ a: TemplateValue, _ b: TemplateValue, _ line: Int) throws(TemplateProblem) -> Int {
        if let x = a.number, let y = b.number { return x < y ? -1 : x == y ? 0 : 1 }
        if case .string(let x) = a, case .string(let y) = b {
            return x.utf8.elementsEqual(y.utf8)
                ? 0 : x.unicodeScalars.lexicographicallyPrecedes(y.unicodeScalars) ? -1 : 1
        }
        if case .list(let x) = a, case .list(let y) = b {
            // Only the first values that differ are compared.
            for (m, n) in zip(x, y) where !TemplateValue.equal(m, n) { return try order(m, n, line) }
            return x.count - y.count
        }
        throw TemplateProblem(line, say("\(a.kind) and \(b.kind) have no order"))
    }

    /// Each item once, where it stands first.
    func unique(
        _ items: [TemplateValue], by comparison: Comparison, _ line: Int
    ) throws(TemplateProblem) -> [TemplateValue] {
        var kept: [TemplateValue] = []
        var keys: [TemplateValue] = []
        for item in items {
            try charge(bytes: 16 * kept.count, line)
            let key = comparison.key(item)
            guard !keys.contains(where: { TemplateValue.equal($0, key) }) else { continue }
            kept.append(item)
            keys.append(key)
        }
        return kept
    }
}

extension TemplateValue {
    /// A member of a member, by names and places with points between them: "a.0.b".
    func member(path: String) -> TemplateValue {
        path.split(separator: ".", omittingEmptySubsequences: false).reduce(self) { value, name in
            if case .list(let values) = value, let place = Int(name) {
                let index = place < 0 ? values.count + place : place
                return values.indices.contains(index) ? values[index] : .undefined
            }
            return value[String(name)] ?? .undefined
        }
    }
}
