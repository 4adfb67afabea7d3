import Foundation
import RopewalkMethods
import TestSupport
import Testing

@Suite struct MethodPageTests {
    @Test func theTableOfAllMethods() {
        #expect(Golden.difference(MethodTable.text, "methods") == nil)
    }

    @Test func thePageOfAMethod() throws {
        #expect(Golden.difference(try MethodPage(named: "lambda").text, "method-lambda") == nil)
        #expect(Golden.difference(try MethodPage(named: "rope").text, "method-rope") == nil)
        #expect(Golden.difference(try MethodPage(named: "longrope").text, "method-longrope") == nil)
    }

    @Test func everyPageNamesItsParameters() {
        for type in Catalogue.all {
            let text = MethodPage(type).text
            for parameter in type.description.parameters { #expect(text.contains("  " + parameter.name)) }
            for list in type.description.lists { #expect(text.contains("  " + list.name)) }
            #expect(text.contains(type.description.source))
        }
    }

    @Test func jsonListsEveryMethod() throws {
        let data = Data(try MethodTable.json().utf8)
        let pages = try #require(try JSONSerialization.jsonObject(with: data) as? [[String: Any]])
        #expect(pages.compactMap { $0["name"] as? String } == Catalogue.names)
        let lambda = try #require(pages.first { $0["name"] as? String == "lambda" })
        let parameters = try #require(lambda["parameters"] as? [[String: Any]])
        #expect(parameters.map { $0["name"] as? String } == ["sink", "window"])
        #expect(parameters.map { $0["default"] as? Double } == [4, 512])
        #expect(parameters.map { $0["minimum"] as? Double } == [0, 1])
        #expect((lambda["lists"] as? [Any])?.isEmpty == true)
        let longrope = try #require(pages.first { $0["name"] as? String == "longrope" })
        let lists = try #require(longrope["lists"] as? [[String: Any]])
        #expect(lists.map { $0["name"] as? String } == ["short", "long"])
        #expect(lists.map { $0["unit"] as? String } == ["times", "times"])
    }

    @Test func anUnknownNameIsAnError() {
        #expect(throws: MethodError.unknownMethod("yarm", nearest: "yarn", known: Catalogue.names)) {
            try MethodPage(named: "yarm")
        }
    }
}
