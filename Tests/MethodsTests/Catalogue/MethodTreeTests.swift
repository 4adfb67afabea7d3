import RopewalkMethods
import TestSupport
import Testing

@Suite struct MethodTreeTests {
    @Test func everyMethodStandsInItOnce() {
        let tree = MethodTree()
        let names = tree.branches.flatMap { $0.methods.map(\.name) }
        #expect(names.count == Catalogue.all.count && Set(names) == Set(Catalogue.names))
        #expect(tree.branches.map(\.kind) == MethodKind.allCases, "a line of the literature without a method")
        for branch in tree.branches {
            let years = branch.methods.map { $0.year ?? .max }
            #expect(years == years.sorted(), "\(branch.kind)")
        }
    }

    /// A kind that is not the family's is a finer one: none of another family's.
    @Test func everyFamilyIsAKindToo() {
        #expect(MethodFamily.allCases.allSatisfy { MethodKind(rawValue: $0.rawValue) != nil })
        let families = Set(MethodFamily.allCases.map(\.rawValue))
        for type in Catalogue.all where type.kind.rawValue != type.description.family.rawValue {
            // Caches that give keys up choose keys, and are of the literature on compressing caches.
            #expect(!families.contains(type.kind.rawValue) || type.kind == .compression, "\(type.description.name)")
        }
    }

    @Test func yearsAreThoseOfTheSource() {
        func year(_ source: String) -> Int? {
            MethodDescription(
                name: "x", family: .window, title: "X", summary: "x", source: source, flops: "none", memory: "none"
            ).year
        }
        #expect(year("Su et al., RoFormer, 2021 (arXiv 2104.09864)") == 2021)
        #expect(year("ours; window 4096") == nil && year("") == nil)
        #expect(year("a rule without a publication; nearest is pruning, 2019") == nil)
    }

    @Test func theTreeIsAsItWas() throws {
        #expect(Golden.difference(MethodTree().text, "tree") == nil)
        let json = try MethodTree().json()
        #expect(json.contains("\"kind\" : \"memory\"") && json.contains("\"year\" : 2022"))
    }
}
