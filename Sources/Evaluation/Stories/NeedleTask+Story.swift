extension NeedleTask {
    /// The seed's numbers for the task; the same in every cell of a grid, so that only depth and length differ.
    private func numbers(_ seed: Int) -> SeededNumbers { SeededNumbers(seed: seed, purpose: kind.rawValue) }

    /// What is hidden and asked under a seed.
    /// - Parameter size: of lists, which are made as long as the length allows; nil where there is none of that size
    func story(seed: Int, size: Int = 0) -> NeedleStory? {
        var numbers = numbers(seed)
        var story: NeedleStory?
        switch kind {
        case .passkey: story = passkey(&numbers)
        case .magicNumber: story = magicNumber(&numbers)
        case .needle: story = fact(&numbers)
        case .multiNeedle: story = facts(&numbers)
        case .benchSingle: story = archive(&numbers, count: 1)
        case .benchMulti: story = archive(&numbers, count: number("needles"))
        case .benchReasoning: story = ancestors(&numbers, steps: number("steps"))
        case .ancestralTrace: story = trace(&numbers, size: size)
        case .single1, .single2, .single3, .multiKey1, .multiKey2, .multiKey3, .multiValue, .multiQuery:
            story = special(&numbers, seed: seed)
        case .variables: story = variables(&numbers)
        case .commonWords: story = commonWords(&numbers, seed: seed, size: size)
        case .frequentWords: story = frequentWords(&numbers, size: size)
        case .question1: story = question(&numbers, seed: seed)
        case .question2: story = chainedQuestion(&numbers, seed: seed)
        case .own: story = own.map { ownNeedle($0, &numbers) }
        }
        story?.takesAny = kind.takesAny
        return story
    }

    /// The prompt of landmark-attention in words of our own; the bundled model has been trained on this line.
    private func passkey(_ numbers: inout SeededNumbers) -> NeedleStory {
        let key = numbers.digits(number("digits"))
        return NeedleStory(
            opening: number("intro") == 1
                ? "Somewhere in the text below stands a pass key. Find it and keep it in mind: you will be asked for it.\n"
                : "",
            filler: .text, borders: .any,
            needles: [.init("\nThe pass key is \(key). Remember it. \(key) is the pass key.\n", .depth)],
            question: "\nWhat is the pass key? The pass key is ", answers: [key],
            others: Self.otherNumbers(&numbers, like: key))
    }

    private func magicNumber(_ numbers: inout SeededNumbers) -> NeedleStory {
        let cities = numbers.picked(number("keys"), of: NeedleWords.cities)
        let keys = cities.map { _ in numbers.digits(number("digits")) }
        let needles = zip(cities, keys).enumerated().map { index, pair in
            NeedleStory.Needle(
                "\nThe magic number for \(pair.0) is \(pair.1).\n", index == 0 ? .depth : .share(numbers.share()),
                isAsked: index == 0)
        }
        return NeedleStory(
            filler: .text, borders: .any, needles: needles,
            question: "\nWhat is the magic number for \(cities[0])? The magic number for \(cities[0]) is ",
            answers: [keys[0]], others: keys.dropFirst() + Self.otherNumbers(&numbers, like: keys[0]))
    }

    private func fact(_ numbers: inout SeededNumbers) -> NeedleStory {
        let city = NeedleWords.cities[numbers.below(NeedleWords.cities.count)]
        let things = Self.things(&numbers, 16)
        let line = "The keeper of the \(city) lighthouse hides the silver key under the "
        return NeedleStory(
            filler: .text, borders: .sentence, needles: [.init(" \(line)\(things[0]).", .depth)],
            question: "\nWhere does the keeper of the \(city) lighthouse hide the silver key? \(line)",
            answers: [things[0]], others: Array(things.dropFirst()))
    }

    private func facts(_ numbers: inout SeededNumbers) -> NeedleStory {
        let city = NeedleWords.cities[numbers.below(NeedleWords.cities.count)]
        let things = Self.things(&numbers, number("needles") + 16)
        let asked = Array(things.prefix(number("needles")))
        return NeedleStory(
            filler: .text, borders: .sentence,
            needles: asked.map { .init(" The captain from \(city) also took aboard the \($0).", .depth) },
            question: "\nWhat did the captain from \(city) also take aboard, in the order of the text? "
                + "The captain from \(city) also took aboard the ",
            answers: asked, separator: ", the ", others: Array(things.dropFirst(asked.count)))
    }

    private func archive(_ numbers: inout SeededNumbers, count: Int) -> NeedleStory {
        let city = NeedleWords.cities[numbers.below(NeedleWords.cities.count)]
        let things = Self.things(&numbers, count)
        let rooms = things.map { _ in numbers.number(digits: 4) }
        let names = things.map { "the \($0)" }.joined(separator: ", ")
        return NeedleStory(
            filler: .text, borders: .any,
            needles: zip(things, rooms).map { thing, room in
                .init(" The archive of \(city) keeps the \(thing) in room \(room).", .depth)
            },
            question: "\nIn which \(count == 1 ? "room" : "rooms") does the archive of \(city) keep \(names)? "
                + "The archive of \(city) keeps \(names) in \(count == 1 ? "room" : "rooms") ",
            answers: rooms, others: rooms.dropFirst() + Self.otherNumbers(&numbers, like: rooms[0]))
    }

    private func ownNeedle(_ own: OwnNeedle, _ numbers: inout SeededNumbers) -> NeedleStory {
        let isNumber = own.answer.utf8.allSatisfy { (0x30...0x39).contains($0) }
        let isBroken = own.question.last?.isWhitespace ?? true
        return NeedleStory(
            filler: .text, borders: .sentence, needles: [.init(" \(own.needle)", .depth)],
            question: "\n\(own.question)\(isBroken ? "" : " ")", answers: [own.answer],
            others: isNumber ? Self.otherNumbers(&numbers, like: own.answer) : [])
    }

    /// Two words each, all different in both.
    static func things(_ numbers: inout SeededNumbers, _ count: Int) -> [String] {
        zip(numbers.picked(count, of: NeedleWords.adjectives), numbers.picked(count, of: NeedleWords.nouns)).map {
            "\($0) \($1)"
        }
    }

    /// Numbers with as many digits, none of them the same.
    static func otherNumbers(_ numbers: inout SeededNumbers, like number: String) -> [String] {
        var others: [String] = []
        for _ in 0..<64 where others.count < 16 {
            let other = numbers.digits(number.count)
            if other != number, !others.contains(other) { others.append(other) }
        }
        return others
    }
}
